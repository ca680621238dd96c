using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Sources;
using Larkspur.Gateway.Syncs.Sources.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.Syncs.Tests.Sources;

/// <summary>Databases in which somebody else waits for the sync's role, and addresses that mean more than a database.</summary>
public sealed class PostgresGuardTests : IAsyncLifetime
{
    private PostgresFixture _postgres = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _postgres = await PostgresFixture.CreateAsync(Captures.Triggers);

    public ValueTask DisposeAsync() => _postgres.DisposeAsync();

    [Theory]
    [InlineData("CREATE TABLE larkspur_change (n int); ALTER TABLE larkspur_change OWNER TO ROLE", "larkspur_change")]
    [InlineData("CREATE TABLE larkspur_capture (n int); ALTER TABLE larkspur_capture OWNER TO ROLE", "larkspur_capture")]
    [InlineData("CREATE VIEW larkspur_capture AS SELECT 1 AS sync", "larkspur_capture")]
    [InlineData("""
        CREATE TABLE larkspur_change (n int); CREATE RULE r AS ON INSERT TO larkspur_change DO INSTEAD NOTHING
        """, "larkspur_change")]
    [InlineData("CREATE TABLE mother (n int); CREATE TABLE larkspur_change () INHERITS (mother)", "larkspur_change")]
    [InlineData("""
        CREATE TABLE larkspur_change (n int);
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER t BEFORE INSERT ON larkspur_change FOR EACH ROW EXECUTE FUNCTION f()
        """, "larkspur_change")]
    public async Task Tables_that_somebody_else_made_for_the_notes_are_not_used(string made, string name)
    {
        await _postgres.ForRoleAsync(made);
        var refusal = Assert.Single((await _postgres.Kind.ProbeAsync(_postgres.Connection, "items", Cancellation)).Refused,
            refused => refused.Capture == Captures.Triggers);
        Assert.Equal((PostgresChoice.ForeignTables, name), (refusal.Reason, refusal.Detail));
        await using var side = await _postgres.OpenAsync(SourceFixture.Items());
        Assert.StartsWith("scan:", (await side.NewsAsync(null, Cancellation))!.Cursor, StringComparison.Ordinal);
        await _postgres.Kind.ForgetAsync(_postgres.Connection, 1, SourceFixture.Items(), Cancellation);
        Assert.Equal("1", await _postgres.ScalarAsync("SELECT COUNT(*) FROM pg_class WHERE relname LIKE 'larkspur%'"));
        Assert.Equal("0", await _postgres.ScalarAsync("SELECT COUNT(*) FROM pg_trigger WHERE tgname LIKE 'larkspur%'"));
    }

    [Fact]
    public async Task Notes_that_get_another_owner_are_read_no_more_and_nobodys_function_is_taken_away()
    {
        await using var side = await _postgres.OpenAsync(SourceFixture.Items());
        var cursor = (await side.NewsAsync(null, Cancellation))!.Cursor;
        await _postgres.ForRoleAsync("""
            CREATE FUNCTION larkspur_0123456789ab() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
            ALTER FUNCTION larkspur_0123456789ab() OWNER TO ROLE
            """);
        await using var other = await _postgres.OpenAsync(SourceFixture.Items(), 2);
        await other.NewsAsync(null, Cancellation);
        await _postgres.Kind.ForgetAsync(_postgres.Connection, 2, SourceFixture.Items(), Cancellation);
        Assert.Equal("2", await _postgres.ScalarAsync("SELECT COUNT(*) FROM pg_proc WHERE proname LIKE 'larkspur%'"));
        await _postgres.ForRoleAsync("ALTER TABLE larkspur_change OWNER TO ROLE");
        // Nor are they written: what hangs on them would run in the name of the sync's role.
        await _postgres.ExecuteAsync("INSERT INTO items (id, note) VALUES ('a', 'n')");
        Assert.Equal("0", await _postgres.ScalarAsync("SELECT COUNT(*) FROM larkspur_change"));
        var news = (await side.NewsAsync(cursor, Cancellation))!;
        Assert.True(news.IsGap);
        Assert.StartsWith("scan:", news.Cursor, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_any_characters_are_armed_and_forgotten()
    {
        await _postgres.ExecuteAsync("""
            CREATE SCHEMA "O'Neil \"; CREATE TABLE "O'Neil \".t ("$larkspur$ \'; --" text PRIMARY KEY, v text)
            """);
        var spec = new SyncSpec
        {
            Table = new("base", "tbl"), Source = new("erp", "O'Neil \\.t"), Key = ["$larkspur$ \\'; --"],
            Fields =
            [
                new() { Field = "k", Column = "$larkspur$ \\'; --", As = "text" }, new() { Field = "v", Column = "v", As = "text" },
            ],
        };
        await using var side = await _postgres.OpenAsync(spec);
        var cursor = (await side.NewsAsync(null, Cancellation))!.Cursor;
        Assert.StartsWith("notes:", cursor, StringComparison.Ordinal);
        await _postgres.ExecuteAsync("""SET standard_conforming_strings = off; INSERT INTO "O'Neil \".t VALUES ('a', 'b')""");
        await _postgres.SettleAsync();
        Assert.Equal(["a"], (await side.NewsAsync(cursor, Cancellation))!.Items);
        await _postgres.Kind.ForgetAsync(_postgres.Connection, 1, spec, Cancellation);
        Assert.Equal("0", await _postgres.ScalarAsync("SELECT COUNT(*) FROM pg_class WHERE relname LIKE 'larkspur%'"));
        Assert.Equal("0", await _postgres.ScalarAsync("SELECT COUNT(*) FROM pg_proc WHERE proname LIKE 'larkspur%'"));
    }

    [Theory]
    [InlineData("pg_catalog.pg_authid")]
    [InlineData("pg_authid")]
    [InlineData("information_schema.tables")]
    [InlineData("larkspur_capture")]
    [InlineData("part_1")]
    [InlineData("shut")]
    public async Task What_is_not_offered_is_not_opened(string table)
    {
        await _postgres.ExecuteAsync("""
            CREATE TABLE part (id text, n int) PARTITION BY LIST (n); CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
            CREATE TABLE shut (id text PRIMARY KEY); CREATE TABLE larkspur_capture (id text)
            """);
        var source = table == "shut" ? await _postgres.ForRoleAsync("GRANT SELECT ON items TO ROLE") : _postgres.Connection;
        Assert.DoesNotContain(table, (await _postgres.Kind.ProbeAsync(source, null, Cancellation)).Tables);
        var stopped = await Assert.ThrowsAsync<SideStoppedException>(() => _postgres.Kind.ProbeAsync(source, table, Cancellation));
        Assert.Equal(Problems.NotFound, stopped.Reason);
    }

    [Fact]
    public async Task A_row_that_is_refused_shows_no_column_that_nobody_asked_for()
    {
        await _postgres.ExecuteAsync("""
            ALTER TABLE items ADD salary text DEFAULT 'secret-salary', ADD CHECK (title <> 'no'), ADD UNIQUE (title);
            INSERT INTO items (id, title, note) VALUES ('a', repeat('t', 300), 'n')
            """);
        await using var side = await _postgres.OpenAsync(SourceFixture.Items());
        var results = await side.WriteAsync(
        [
            SourceFixture.Create("b", ("title", "no"), ("note", "n")),
            SourceFixture.Create("c", ("title", new string('t', 300)), ("note", "n")),
        ], Cancellation);
        Assert.Equal([Problems.Constraint, Problems.Constraint], results.Select(result => result.Reason));
        Assert.DoesNotContain("secret-salary", results[0].Detail, StringComparison.Ordinal);
        Assert.Contains("Key (title)=(ttt", results[1].Detail, StringComparison.Ordinal);
        Assert.InRange(results[1].Detail!.Length, 200, 300);
    }

    [Fact]
    public async Task Whom_a_server_does_not_let_in_is_not_repeated()
    {
        var role = await _postgres.ForRoleAsync("GRANT SELECT ON items TO ROLE");
        var name = new Npgsql.NpgsqlConnectionStringBuilder(role.Address).Username!;
        var stopped = await Assert.ThrowsAsync<SideStoppedException>(
            () => _postgres.Kind.ProbeAsync(role with { Address = role.Address + ";Password=wrong" }, null, Cancellation));
        Assert.DoesNotContain(name, stopped.Detail, StringComparison.Ordinal);
        var away = await Assert.ThrowsAsync<SideAwayException>(
            () => _postgres.Kind.ProbeAsync(role with { Address = role.Address + ";Port=1" }, null, Cancellation));
        Assert.Equal("network: ConnectionRefused", away.Detail);
    }

    [Theory]
    [InlineData("Host=db;Database=erp;Username=u;Password=hunter2", null)]
    [InlineData("Server=db;DB=erp;User Id=u;PWD=hunter2;SslMode=VerifyFull;Application Name=x;Port=5433", null)]
    [InlineData("postgresql://u:hunter2@db/erp?sslmode=verify-full&connect_timeout=3", null)]
    [InlineData("Host=db;Database=erp;Username=u", "password")]
    [InlineData("Host=db;Database=erp;Username=u;Password=", "password")]
    [InlineData("Host=db;Database=erp;Password=hunter2", "user")]
    [InlineData("postgresql://u@db/erp", "password")]
    [InlineData("Host=db,other;Database=erp;Username=u;Password=hunter2", "more than one host")]
    [InlineData("Host=/run/postgresql;Database=erp;Username=u;Password=hunter2", "socket")]
    [InlineData("Host=db;Database=erp;Username=u;Password=hunter2;Passfile=/etc/pgpass", "Passfile")]
    [InlineData("Host=db;Database=erp;Username=u;Password=hunter2;SSL Key=/etc/key", "SSL Key")]
    [InlineData("Host=db;Database=erp;Username=u;Password=hunter2;Root Certificate=/etc/passwd", "Root Certificate")]
    [InlineData("Host=db;Database=erp;Username=u;Password=hunter2;Options=-c role=root", "Options")]
    [InlineData("Host=db;Database=erp;Username=u;Password=hunter2;Kerberos Service Name=x", "Kerberos Service Name")]
    [InlineData("postgresql://u:hunter2@db/erp?host=other", "host")]
    [InlineData("postgresql://u:hunter2@db/erp?sslkey=/etc/key", "sslkey")]
    [InlineData("postgresql://u:hunter2@db/erp?Include%20Error%20Detail=true", "Include Error Detail")]
    public void An_address_names_a_database_and_who_asks_and_nothing_else(string address, string? word)
    {
        var problem = _postgres.Kind.ProblemOf(address);
        if (word is null) Assert.Null(problem);
        else Assert.Contains(word, problem, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("hunter2", problem ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_address_says_of_connections_is_bounded()
    {
        var settings = PostgresSourceAddress.Settings(
            "Host=db;Database=erp;Username=u;Password=p;Maximum Pool Size=90;Minimum Pool Size=50;Timeout=0", new());
        Assert.Equal((4, 0, 5), (settings.MaxPoolSize, settings.MinPoolSize, settings.Timeout));
        Assert.False(File.Exists(settings.Passfile));
    }
}
