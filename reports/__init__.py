"""What people look at: a report as text, JSON, CSV and pictures."""
