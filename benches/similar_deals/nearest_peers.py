"""Nearest neighbours by scikit-learn and faiss, for speed.rs, which runs this and says what it is about."""
import pathlib
import resource
import sys
import time

import numpy as np


def main():
    contender, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    factors, count = int(sys.argv[3]), int(sys.argv[4])
    read = lambda name: np.fromfile(folder / name, dtype=np.float32).reshape(-1, factors)
    opened, won = read("open"), read("won")
    if contender == "compare":
        ours = np.fromfile(folder / "distances").reshape(-1, count)
        theirs = np.load(folder / "faiss_l1.npy")
        print(f"\nDistances of rapport and faiss (L1) differ by at most {np.abs(ours - theirs).max():.1e}")
        return
    begin = time.perf_counter()
    if contender.startswith("faiss"):
        import faiss

        faiss.omp_set_num_threads(2)
        metric = faiss.METRIC_L2 if contender.endswith("l2") else faiss.METRIC_L1
        index = faiss.IndexFlat(factors, metric)
        index.add(won)
        distances, _ = index.search(opened, count)
    else:
        from sklearn.neighbors import NearestNeighbors

        metric = "euclidean" if contender.endswith("l2") else "manhattan"
        neighbours = NearestNeighbors(n_neighbors=count, algorithm="brute", metric=metric, n_jobs=2).fit(won)
        distances, _ = neighbours.kneighbors(opened)
    seconds = time.perf_counter() - begin
    if contender == "faiss_l1":
        np.save(folder / "faiss_l1.npy", distances)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
    name = {"faiss": "faiss-cpu, flat index", "sklearn": "scikit-learn, brute force"}[contender.split("_")[0]]
    print(f"| {name}, {contender[-2:].upper()} | {seconds:.2f} | {memory:.2f} |", flush=True)


main()
