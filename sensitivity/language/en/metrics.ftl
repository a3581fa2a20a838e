# What a network's training is measured by.

validation-error = validation error
validation-loss = validation loss
training-loss = training loss
epochs-to-target = epochs to target
seconds = seconds
best-validation-error = best validation error
best-validation-loss = best validation loss
best-training-loss = best training loss
unit-accuracy = 1 − accuracy
unit-r-squared = 1 − R²
unit-squared = squared error
unit-nats = nats
