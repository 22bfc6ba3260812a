def run(arguments, samples, cpus, folder): return 0
