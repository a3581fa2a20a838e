# 신경망의 학습을 재는 것.

validation-error = 검증 오차
validation-loss = 검증 손실
training-loss = 학습 손실
epochs-to-target = 목표까지 에폭
seconds = 초
best-validation-error = 가장 낮은 검증 오차
best-validation-loss = 가장 낮은 검증 손실
best-training-loss = 가장 낮은 학습 손실
unit-accuracy = 1 − 정확도
unit-r-squared = 1 − R²
unit-squared = 제곱 오차
unit-nats = 내트
