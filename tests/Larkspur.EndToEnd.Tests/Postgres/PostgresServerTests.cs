namespace Larkspur.EndToEnd.Tests.Postgres;

/// <summary>The PostgreSQL that other tests stand on.</summary>
public sealed class PostgresServerTests
{
    [Fact]
    public async Task The_shared_server_gives_each_test_an_empty_database_of_its_own()
    {
        var server = await PostgresServer.SharedAsync();
        var first = DatabaseOf(await server.CreateDatabaseAsync());
        var second = DatabaseOf(await server.CreateDatabaseAsync());
        Assert.NotEqual(first, second);
        await server.SqlAsync("CREATE TABLE t (id int)", first);
        Assert.Equal("0", await server.SqlAsync("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", second));
        Assert.Same(server, await PostgresServer.SharedAsync());
    }

    [Fact]
    public async Task A_private_server_is_durable_keeps_what_was_committed_over_stop_kill_and_restart_and_leaves_nothing()
    {
        var server = await PostgresServer.StartPrivateAsync();
        var folder = await server.SqlAsync("SELECT setting FROM pg_settings WHERE name = 'data_directory'");
        Assert.Equal("on", await server.SqlAsync("SHOW fsync"));
        var database = DatabaseOf(await server.CreateDatabaseAsync());
        await server.SqlAsync("CREATE TABLE t (what text); INSERT INTO t VALUES ('first')", database);

        await server.StopAsync(immediate: true);
        Assert.Null(server.ProcessId);
        await Assert.ThrowsAsync<InvalidOperationException>(() => server.SqlAsync("SELECT 1"));
        await server.StartAgainAsync();
        await server.SqlAsync("INSERT INTO t VALUES ('second')", database);

        await server.KillAsync();
        Assert.Null(server.ProcessId);
        await server.StartAgainAsync();
        await server.RestartAsync();
        Assert.Equal("first,second", await server.SqlAsync("SELECT string_agg(what, ',' ORDER BY what) FROM t", database));

        var process = server.ProcessId!.Value;
        await server.DisposeAsync();
        Assert.False(IsRunning(process));
        Assert.False(Directory.Exists(Path.GetDirectoryName(folder)));
    }

    private static bool IsRunning(int process) =>
        File.Exists($"/proc/{process}/stat") && !File.ReadAllText($"/proc/{process}/stat").Contains(") Z", StringComparison.Ordinal);

    private static string DatabaseOf(string connectionString) => connectionString.Split("Database=")[1];
}
