"""Import (批量导入): a directory of CSV or Excel files of cases becomes rows of the case graph.

`sources` finds the files, `encoding` and `rows` turn bytes into records, `columns` says what each column holds,
`clean` and `validate` judge a row by itself, `normalise` mends what may be mended, `fates` fixes what becomes of each
kind of fault, `report` writes what was found. Nothing here touches the database: what needs other rows (a number used
twice, an unknown case, a rejected parent) is judged set-based by whoever lands the rows.
"""
