package com.example.ml;

/** A class of somebody's that does something as soon as it is made. */
public final class EvilType {

  public EvilType() {
    System.setProperty("evil.type.ran", "true");
  }
}
