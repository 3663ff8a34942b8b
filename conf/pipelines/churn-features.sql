-- One row per customer: who they are, and what they did in the last :window_days days.
-- The window ends with the last day that the events know, not with today.
WITH span AS (
  SELECT to_date(max(event_time)) AS last_day FROM events
),
recent AS (
  SELECT e.*, datediff(s.last_day, to_date(e.event_time)) AS days_ago
  FROM events e CROSS JOIN span s
  WHERE to_date(e.event_time) > date_sub(s.last_day, :window_days)
),
activity AS (
  SELECT
    customer_id,
    count(*)                                              AS events,
    count_if(event_type = 'login')                        AS logins,
    count_if(event_type = 'login' AND days_ago < 7)       AS recent_logins,
    count_if(event_type = 'purchase')                     AS purchases,
    count_if(event_type = 'support_ticket')               AS support_tickets,
    count_if(event_type = 'payment_failed')               AS failed_payments,
    sum(CASE WHEN event_type = 'purchase' THEN amount END) AS spend,
    sum(duration_seconds)                                 AS seconds,
    count(duration_seconds)                               AS timed,
    min(days_ago)                                         AS days_since_last
  FROM recent
  GROUP BY customer_id
)
SELECT
  c.customer_id,
  c.plan,
  c.region,
  c.payment_method,
  c.age,
  CAST(c.monthly_fee AS DOUBLE)                           AS monthly_fee,
  datediff(s.last_day, c.signup_date)                     AS tenure_days,
  coalesce(a.logins, 0)                                   AS logins,
  coalesce(a.recent_logins, 0)                            AS recent_logins,
  coalesce(a.purchases, 0)                                AS purchases,
  coalesce(a.support_tickets, 0)                          AS support_tickets,
  coalesce(a.failed_payments, 0)                          AS failed_payments,
  CAST(coalesce(a.spend, 0) AS DOUBLE)                    AS spend,
  -- Sums of whole numbers, divided once: a sum of doubles would depend on the partitioning.
  CAST(a.seconds AS DOUBLE) / a.timed                     AS session_seconds,
  coalesce(CAST(a.support_tickets AS DOUBLE) / a.events, 0D) AS ticket_share,
  coalesce(CAST(a.failed_payments AS DOUBLE) / a.events, 0D) AS failure_share,
  coalesce(a.days_since_last, :window_days)               AS days_since_last,
  c.churned
FROM customers c
CROSS JOIN span s
LEFT JOIN activity a ON a.customer_id = c.customer_id
