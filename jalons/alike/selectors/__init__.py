"""Reading past situations: what they were in classes, what was done, what it cost, what came after."""
