"""The circular as files: an official document (.docx, GB/T 9704-2012) and a workbook (.xlsx), the same bytes for the same issue."""
