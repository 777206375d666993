"""The ways out. Each is a `Notifier`: it sends one alert and says `Sent`, `Retry` or `Permanent`, never a bool."""
