"""Golden values of StandardizedFusionTest: z-scores with the standard library, moved so that the lowest adds nothing."""
from statistics import fmean, pstdev

bm25 = {"a": 12.5, "b": 9.25, "c": 9.25, "d": 3.0, "e": 0.75}
vector = {"c": 0.83, "f": 0.79, "a": 0.61, "g": 0.58}
cross_encoder = {"g": 4.2, "b": -1.1, "a": -3.75, "f": -6.5, "e": -6.5, "d": -9.0}

fused = {}
for weight, scores in ((0.5, bm25), (1.0, vector), (1.5, cross_encoder)):
    mean, deviation = fmean(scores.values()), pstdev(scores.values())
    z = {passage: (score - mean) / deviation for passage, score in scores.items()}
    for passage in z:
        fused[passage] = fused.get(passage, 0) + weight * (z[passage] - min(z.values()))

for passage, score in sorted(fused.items(), key=lambda item: -item[1]):
    print(f'"{passage}", {score:.12f},')
