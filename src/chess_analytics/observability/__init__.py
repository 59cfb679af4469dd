"""What operators see of a process. It knows no other room."""
