using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Larkspur.Gateway.Commands.Plugins;
using Larkspur.Gateway.Hosting;
using Larkspur.Samples.DemoBot;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larkspur.Testing;

/// <summary>A real gateway on a free port, with a data folder of its own, against any base address.</summary>
public sealed class GatewayApp : IAsyncDisposable
{
    /// <summary>REST key of every gateway started here.</summary>
    public const string ApiKey = "test-api-key-0123456789abcdef";

    public const string AppId = "cli_a1b2c3d4e5f60718";
    public const string AppSecret = "emulator-app-secret";
    public const string EncryptKey = "emulator-encrypt-key";
    public const string VerificationToken = "emulator-verification-token";

    /// <summary>Master key of every gateway started here: data that is copied opens where it is taken, and nothing is written into anybody's home.</summary>
    public const string MasterKey = "bGFya3NwdXItdGVzdC1tYXN0ZXIta2V5LTAxMjM0NTY=";

    private readonly WebApplication _app;
    private readonly bool _ownsData;
    private bool _stopped;

    private GatewayApp(WebApplication app, string dataFolder, bool ownsData, CapturedLogs logs)
    {
        _app = app;
        _ownsData = ownsData;
        DataFolder = dataFolder;
        Logs = logs;
        Address = new Uri(app.Urls.First());
        Http = new HttpClient { BaseAddress = Address };
        Http.DefaultRequestHeaders.Add("X-Api-Key", ApiKey);
    }

    public Uri Address { get; }

    /// <summary>A client with the REST key.</summary>
    public HttpClient Http { get; }

    public string DataFolder { get; }

    public CapturedLogs Logs { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>These tests run on PostgreSQL, not on SQLite (<c>LARKSPUR_TEST_DB=postgresql</c>).</summary>
    public static bool IsPostgres => GatewayDatabase.IsPostgres;

    /// <summary>Starts a gateway with the emulator's default app and the sample bot; <c>Larkspur:Plugins:0</c>, also when it is empty, puts others in its place.</summary>
    /// <param name="feishuBaseUrl">Where its Feishu calls go.</param>
    /// <param name="settings">Further settings, or other values (null takes a default away).</param>
    /// <param name="dataFolder">An existing data folder, to take over what another life left; null: a new one, deleted at the end.</param>
    /// <param name="clock">Its clock; null: the system's.</param>
    /// <param name="configure">Last changes to the host.</param>
    public static async Task<GatewayApp> StartAsync(string feishuBaseUrl, IReadOnlyDictionary<string, string?>? settings = null, string? dataFolder = null,
        TimeProvider? clock = null, Action<WebApplicationBuilder>? configure = null)
    {
        var folder = dataFolder ?? Directory.CreateTempSubdirectory("larkspur-gateway-").FullName;
        try
        {
            if (dataFolder is null) await GatewayDatabase.PrepareAsync(folder);
            return await StartInAsync(folder, ownsData: dataFolder is null, feishuBaseUrl, settings, clock, configure);
        }
        catch when (dataFolder is null)
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private static async Task<GatewayApp> StartInAsync(string folder, bool ownsData, string feishuBaseUrl, IReadOnlyDictionary<string, string?>? settings,
        TimeProvider? clock, Action<WebApplicationBuilder>? configure)
    {
        var logs = new CapturedLogs();
        var database = await GatewayDatabase.AddressAsync(folder);
        var app = GatewayHost.Build([], builder =>
        {
            var values = new Dictionary<string, string?>
            {
                ["LARKSPUR_GATEWAY_URLS"] = "http://127.0.0.1:0",
                ["LARKSPUR_DATA"] = folder,
                ["LARKSPUR_DB"] = database,
                ["LARKSPUR_API_KEY"] = ApiKey,
                ["LARKSPUR_MASTER_KEY"] = MasterKey,
                ["FEISHU_BASE_URL"] = feishuBaseUrl,
                ["FEISHU_ACCOUNTS_URL"] = feishuBaseUrl,
                ["FEISHU_APP_ID"] = AppId,
                ["FEISHU_APP_SECRET"] = AppSecret,
                ["FEISHU_ENCRYPT_KEY"] = EncryptKey,
                ["FEISHU_VERIFICATION_TOKEN"] = VerificationToken,
                // Its calls would come in between those that tests count; tests of it switch it on.
                ["Larkspur:Gaps:Enabled"] = "false",
                // A loaded machine may need longer than the platforms give; tests of the deadlines set their own.
                ["Larkspur:Dispatch:CallbackDeadline"] = "00:01:00",
                ["Larkspur:Dispatch:DingTalkCallbackDeadline"] = "00:01:00",
            };
            foreach (var (key, value) in settings ?? new Dictionary<string, string?>()) values[key] = value ?? "";
            builder.Configuration.AddInMemoryCollection(values);
            if (values.GetValueOrDefault("Larkspur:Plugins:0") is null) builder.AddGatewayPlugin(new DemoBotPlugin());
            if (clock is not null) builder.Services.AddSingleton(clock);
            builder.Logging.ClearProviders().AddProvider(logs);
            configure?.Invoke(builder);
        });
        await app.StartAsync();
        return new GatewayApp(app, folder, ownsData, logs);
    }

    /// <summary>The description of the REST API, made of the endpoints that run.</summary>
    public Task<JsonElement> DescribeApiAsync(CancellationToken cancellation) => _app.DescribeApiAsync(cancellation);

    /// <summary>What <c>GET /api/v1/inbox</c> says about an event.</summary>
    public async Task<JsonElement> InboxAsync(string eventId) =>
        await Http.GetFromJsonAsync<JsonElement>(new Uri($"/api/v1/inbox?event_id={Uri.EscapeDataString(eventId)}", UriKind.Relative));

    /// <summary>Waits until the event has its outcome, and returns its row.</summary>
    public async Task<JsonElement> OutcomeAsync(string eventId, TimeSpan? atMost = null)
    {
        using var deadline = new CancellationTokenSource(atMost ?? TimeSpan.FromSeconds(60));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (await ticks.WaitForNextTickAsync(deadline.Token))
        {
            var items = (await InboxAsync(eventId)).GetProperty("items");
            if (items.GetArrayLength() > 0 && items[0].GetProperty("status").GetString() is "finished" or "dead") return items[0];
        }

        throw new TimeoutException();
    }

    /// <summary>The value of a counter on <c>/metrics</c>, its series with these label texts summed.</summary>
    public async Task<double> CounterAsync(string name, params string[] labels)
    {
        var page = await Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return page.Split('\n')
            .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal))
            .Where(line => labels.All(line.Contains))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>Waits until a counter has this value: what it counts is often seen elsewhere a moment before it is counted.</summary>
    public Task CountsAsync(double expected, string name, params string[] labels) => CountsAsync(value => value == expected, $"{expected}", name, labels);

    /// <summary>Waits until a counter has reached this value.</summary>
    public Task CountsAtLeastAsync(double least, string name, params string[] labels) => CountsAsync(value => value >= least, $"at least {least}", name, labels);

    private async Task CountsAsync(Func<double, bool> fits, string wanted, string name, string[] labels)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var value = await CounterAsync(name, labels);
            if (fits(value)) return;
            if (deadline.IsCancellationRequested) throw new TimeoutException($"{name} {string.Join(' ', labels)} is {value}, not {wanted}.");
            await ticks.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>Copies the data as a process killed at this instant would leave it. Nothing may be writing meanwhile.</summary>
    public Task CopyDataToAsync(string folder) => GatewayDatabase.CopyAsync(DataFolder, folder);

    /// <summary>Lets nobody write into the database until it is disposed.</summary>
    public Task<IAsyncDisposable> HoldDatabaseAsync() => GatewayDatabase.HoldAsync(DataFolder);

    /// <summary>Stops the host and keeps the data folder.</summary>
    /// <summary>Stops it as SIGTERM does: what it has in hand gets the host's patience.</summary>
    public Task StopAsync() => StopAsync(CancellationToken.None);

    /// <summary>At the end of a test nobody waits for answers and calls that hang, or whose clock stands still.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await StopAsync(patience.Token);
        if (_ownsData) Directory.Delete(DataFolder, recursive: true);
    }

    private async Task StopAsync(CancellationToken patience)
    {
        if (Interlocked.Exchange(ref _stopped, true)) return;
        Http.Dispose();
        await _app.StopAsync(patience);
        await _app.DisposeAsync();
    }
}

/// <summary>Everything a host logged, scopes included.</summary>
public sealed class CapturedLogs : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public ConcurrentQueue<CapturedLog> Lines { get; } = new();

    /// <summary>All lines and exceptions as one text.</summary>
    public string Text => string.Join('\n', Lines.Select(l => $"{l.Level} {l.Category} {l.Message} {l.Scope} {l.Exception}"));

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Logger(CapturedLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => logs._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var scope = new List<string>();
            logs._scopes.ForEachScope((s, list) =>
            {
                if (s is IEnumerable<KeyValuePair<string, object?>> pairs) list.AddRange(pairs.Select(p => $"{p.Key}={p.Value}"));
                else list.Add(s?.ToString() ?? "");
            }, scope);
            logs.Lines.Enqueue(new CapturedLog(logLevel, category, formatter(state, exception), string.Join(' ', scope), exception));
        }
    }
}

/// <summary>One line.</summary>
public sealed record CapturedLog(LogLevel Level, string Category, string Message, string Scope, Exception? Exception);
