"""督办规则: pure rules of the full-process supervision 报备 → 提醒 → 反馈 → 补救 → 通报; every instant and day is passed in."""
