# 표의 칸에 쓰는 말.

tune = 조정
fix = 고정
cannot-be-judged = 판단할 수 없음
set-once = 한 번만 정함
tune-per-dataset = 데이터셋마다 조정
