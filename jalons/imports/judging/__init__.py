"""What would come of each row, compared with what Jalons knows. Reads only; `services.applying` writes."""
