using Larkspur.Testing;

namespace Larkspur.Bench.Running;

/// <summary>The PostgreSQL of a run: a durable cluster of its own.</summary>
internal static class PostgresCluster
{
    /// <summary>Null where the run is on SQLite.</summary>
    /// <exception cref="BenchException">It is not installed.</exception>
    public static async Task<PostgresServer?> StartAsync(BenchOptions options)
    {
        if (!options.OnPostgres) return null;
        try
        {
            return await PostgresServer.StartPrivateAsync();
        }
        catch (InvalidOperationException e)
        {
            throw new BenchException(e.Message);
        }
    }
}
