# 표의 칸에 쓰는 말.

tune = 조정
fix = 고정
cannot-be-judged = 판단할 수 없음
