"""Reading the workbooks that people send, .xlsx and .ods: what stands in each cell, or why it cannot be read.

`reading.read_sheets` is the way in. The library that reads (calamine) runs in a child with limits, on a copy that was
read first by `xlsx` or `ods` and rewritten so that it can only be understood as they understood it.
"""
