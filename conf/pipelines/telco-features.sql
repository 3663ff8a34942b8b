SELECT
  customerID       AS customer_id,
  gender,
  SeniorCitizen    AS senior,
  Partner          AS partner,
  Dependents       AS dependents,
  tenure,
  MultipleLines    AS multiple_lines,
  InternetService  AS internet_service,
  OnlineSecurity   AS online_security,
  OnlineBackup     AS online_backup,
  DeviceProtection AS device_protection,
  TechSupport      AS tech_support,
  StreamingTV      AS streaming_tv,
  StreamingMovies  AS streaming_movies,
  Contract         AS contract,
  PaperlessBilling AS paperless_billing,
  PaymentMethod    AS payment_method,
  CAST(MonthlyCharges AS DOUBLE) AS monthly_charges,
  -- Who has not completed a month has no total yet: nothing was charged. Any other null stays one,
  -- and the gate rejects it.
  CAST(CASE WHEN TotalCharges IS NULL AND tenure = 0 THEN 0 ELSE TotalCharges END AS DOUBLE)
                   AS total_charges,
  CASE Churn WHEN 'Yes' THEN 1 WHEN 'No' THEN 0 END AS churned
FROM customers
