"""What a team says of its own year: any period, on screen and for its annual report. Nothing of it is sent."""
