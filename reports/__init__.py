"""What people see and get: the HTML report and the alerts."""
