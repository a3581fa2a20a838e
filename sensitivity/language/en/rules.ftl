# trajectories: update rules on a surface, and what pen and paper say. Pictures and terminal.

title = Update rules on a surface: { $surface }
arrived = { $steps ->
    [one] 1 step
   *[other] { $steps } steps
}
not-arrived = not in { $steps }
step = step
height = height
height-above = height above the minimum
now = { $surface }, step { $step }
marks = Darker is lower. Ring: start; disc: the place after { $steps } steps{ $minimum ->
    [yes] ; star: minimum
   *[no] {""}
}.
goal-minimum = Steps: until a path stays within a twentieth of its first distance from the (deepest) minimum.
goal-saddle = Steps: until a path leaves the saddle (|y| > 1).
goal-plateau = Steps: until a path leaves the plateau (x < 0).
leap = RMSProp leaps near the minimum: it divides by the size of recent gradients, so that with a constant rate its steps never get much shorter than η.
rates-tuned = Each rate η is the one with the fewest steps.
rates-some = Rates η: those of the usual textbook picture; marked *: the one with the fewest steps.
rates-known = Rates η: those of the usual textbook picture.
rates-alike = The rate η is the same for all.

surface-korean_textbook_surface = A shallow bowl, the usual textbook picture: { $formula }.
surface-ravine = A ravine a hundred times as steep across as along: { $formula }.
surface-saddle = A pass between two hills, at which the slope is zero: { $formula }.
surface-plateau = A plain so flat that there is hardly a slope, then a step down: { $formula }.
surface-double_well = A shallow minimum at (1, 0) before a deep one at (−2, 0): { $formula }.
surface-rosenbrock = A bent valley with a flat floor (Rosenbrock 1960): { $formula }.
surface-beale = Plains between steep walls (Beale 1958): { $formula }.

optimizer = optimizer
rate = rate
stable = stable up to
to-arrive = steps to arrive
to-leave = steps to leave
last = last value
where = where it ended
where-got-away = got away
where-still-held-up = still held up
where-running-away = running away
where-at-the-minimum = at the minimum
where-at-the-deep-minimum = at the deep minimum
where-at-the-shallow-minimum = at the shallow minimum
where-on-the-way-to-the-minimum = on the way to the minimum
where-on-the-way-to-the-deep-minimum = on the way to the deep minimum
where-on-the-way-to-the-shallow-minimum = on the way to the shallow minimum

said-stable = Stable up to, λ = { $high }: sgd 2/λ = { $plain }, momentum at β = 0.9 (2+2β)/λ = { $heavy }.
said-beta = Best β, κ = { $kappa }: ((√κ−1)/(√κ+1))² = { $best }{ $swings ->
    [yes] ; with 0.9 momentum swings past the minimum and looks slow
   *[no] {""}
}.
said-speed = Terminal speed at β = 0.9: 1/(1−β) = { $speed } times that of sgd.
said-adam = Adam's step: up to (1−β₁)/√(1−β₂) = { $once } η if a gradient comes once, { $ever } η if gradients grow.

forms = What pen and paper say, and what the rules do
forms-how = Lines: closed forms; points: the update rules themselves. Factor per step: by how much the distance from the minimum shrinks in the long run, on a quadratic of curvatures λ from { $low } to { $high }; above 1 it grows. Momentum with β = 0.9 unless the axis says otherwise. Under gradients that grow Adam's steps reach { $ever } η, and no more.
forms-rate = learning rate η
forms-factor = factor per step
forms-stable = Largest stable rate
forms-beta = Best β for κ = { $kappa }
forms-at = β, at η = { $rate }
forms-slope = step on an even slope
forms-speed = speed, in steps of sgd
forms-terminal = Terminal speed of momentum
forms-even = an even slope: 1
forms-first = step at which the gradient is first not zero
forms-size = size of that step / η
forms-adam = Adam's step at a single gradient
