using System.Globalization;
using Larkspur.Bench.Load;
using Larkspur.Bench.Running;
using Larkspur.Bench.Stages;
using Npgsql;

namespace Larkspur.Bench.Targets;

/// <summary>The gateway as its users run it: <c>larkspur run</c>, default settings, a SQLite file on the real disk or a PostgreSQL database.</summary>
internal sealed class GatewayTarget : Target
{
    private readonly string _data;
    private readonly string _database;
    private readonly bool _dispatch;

    private GatewayTarget(string name, int port, ChildProcess process, string data, string database, bool dispatch) : base(name, port, process) =>
        (_data, _database, _dispatch) = (data, database, dispatch);

    /// <summary>Whether handlers run.</summary>
    public bool Dispatches => _dispatch;

    /// <summary>With dispatch, a type that nobody handles: it is recorded and ended as ignored in one transaction.</summary>
    public override string EventType => _dispatch ? "im.message.reaction.created_v1" : base.EventType;

    /// <param name="name">Of the target, in tables.</param>
    /// <param name="folder">Where its data go.</param>
    /// <param name="dispatch">Handlers run.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <param name="database">A PostgreSQL database; empty: a file.</param>
    public static async Task<GatewayTarget> StartAsync(
        string name, ScratchFolder folder, bool dispatch, CancellationToken cancellation, string database = "")
    {
        var (target, _) = await StartTimedAsync(name, folder.File(Path.GetRandomFileName()), dispatch, cancellation, database);
        return target;
    }

    public static async Task<(GatewayTarget Target, TimeSpan Took)> StartTimedAsync(
        string name, string data, bool dispatch, CancellationToken cancellation, string database = "")
    {
        var port = FreePort();
        Directory.CreateDirectory(data);
        var environment = new Dictionary<string, string>
        {
            ["LARKSPUR_GATEWAY_URLS"] = $"http://127.0.0.1:{port}",
            ["LARKSPUR_DATA"] = data, ["LARKSPUR_MASTER_KEY"] = Larkspur.Testing.GatewayApp.MasterKey,
            ["LARKSPUR_DB"] = database,
            // Each message is answered by a card, as in the figures of docs/performance.md.
            ["Larkspur__Plugins__0"] = Larkspur.Testing.GatewayProcess.DemoBot,
            ["FEISHU_APP_ID"] = RequestForge.AppId,
            ["FEISHU_APP_SECRET"] = RequestForge.AppSecret,
            ["FEISHU_ENCRYPT_KEY"] = RequestForge.EncryptKey,
            ["FEISHU_VERIFICATION_TOKEN"] = RequestForge.VerificationToken,
            // Nobody listens there: the platform is away, which stops no event from being recorded.
            ["FEISHU_BASE_URL"] = "http://127.0.0.1:9",
            ["Larkspur__Dispatch__Enabled"] = dispatch ? "true" : "false",
        };
        var process = ChildProcess.Start(Path.Combine(data, "gateway.log"), environment, "dotnet", Repository.Cli, "run");
        var target = new GatewayTarget(name, port, process, data, database, dispatch);
        return (target, await process.ReadyAsync(Address(port, "/health/ready"), cancellation));
    }

    /// <summary>With dispatch: waits until every accepted event has its outcome.</summary>
    public override async Task SettleAsync(CancellationToken cancellation)
    {
        if (!_dispatch) return;
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        for (var deadline = DateTime.UtcNow.AddMinutes(3); DateTime.UtcNow < deadline;)
        {
            var page = await http.GetStringAsync(Address(Port, "/metrics"), cancellation);
            if (Sum(page, "larkspur_inbox_ended_total") >= Sum(page, "larkspur_ingress_accepted_total")) return;
            await Task.Delay(50, cancellation);
        }

        throw new BenchException("the gateway did not end its events within three minutes");
    }

    /// <summary>Killed, not stopped: what is in the database then is what was durable.</summary>
    public override async Task<string> AuditAsync(CancellationToken cancellation)
    {
        await Process.KillAsync();
        var recorded = await CountAsync("SELECT COUNT(*) FROM inbox", cancellation);
        if (recorded != Answered) throw new BenchException($"{Name}: {Answered} events were accepted and {recorded} are in the database");
        var ended = await CountAsync("SELECT COUNT(*) FROM inbox WHERE status <> 0", cancellation);
        if (_dispatch && ended != recorded) throw new BenchException($"{Name}: {recorded} events were recorded and {ended} ended");
        return $"{Name}: {Answered:#,0} answers with 200; killed, and {recorded:#,0} events are in the database, {ended:#,0} of them ended";
    }

    private async Task<long> CountAsync(string sql, CancellationToken cancellation)
    {
        if (_database.Length == 0)
        {
            using var file = SystemSqlite.Open(Path.Combine(_data, "larkspur.db"));
            return file.Number(sql);
        }

        await using var connection = new NpgsqlConnection(_database + ";Pooling=false");
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static double Sum(string page, string metric) => page.Split('\n')
        .Where(line => line.StartsWith(metric, StringComparison.Ordinal) && line.Length > metric.Length && line[metric.Length] is '{' or ' ')
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
