using System.Diagnostics;
using System.Text;

namespace Larkspur.Testing;

/// <summary>The gateway as an administrator runs it: <c>larkspur run</c>, a process of its own that can be killed.</summary>
public sealed class GatewayProcess : IAsyncDisposable
{
    private const int LongestOutput = 1 << 20;

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private GatewayProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public int Id => _process.Id;

    /// <summary>What it printed last.</summary>
    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    /// <summary>The file of the sample bot, which answers every message.</summary>
    public static string DemoBot => Path.Combine(AppContext.BaseDirectory, "DemoBot.dll");

    /// <summary>An address that is the caller's while the test process lives: a restarted process must come back under the same one.</summary>
    public static Uri FreeAddress() => new($"http://127.0.0.1:{OwnPort.Take()}");

    /// <summary>Starts it and waits until it reports ready.</summary>
    /// <param name="settings">Environment variables beyond those of the emulator's default app.</param>
    public static async Task<GatewayProcess> StartAsync(EmulatorApp emulator, Uri address, string dataFolder, IReadOnlyDictionary<string, string>? settings = null)
    {
        var gateway = Start(emulator, address, dataFolder, settings);
        try
        {
            await gateway.ReadyAsync();
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it and does not wait.</summary>
    /// <param name="through">A program and its arguments that starts the gateway in its place, with <c>exec</c>: <c>sh -c '… exec "$@"' sh</c>.</param>
    public static GatewayProcess Start(
        EmulatorApp emulator, Uri address, string dataFolder, IReadOnlyDictionary<string, string>? settings = null, IReadOnlyList<string>? through = null)
    {
        string[] line = [.. through ?? [], "dotnet", Path.Combine(AppContext.BaseDirectory, "larkspur.dll"), "run"];
        var start = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = dataFolder };
        start.Environment["LARKSPUR_GATEWAY_URLS"] = address.ToString();
        start.Environment["LARKSPUR_DATA"] = dataFolder;
        start.Environment["LARKSPUR_DB"] = "";
        start.Environment["LARKSPUR_API_KEY"] = GatewayApp.ApiKey;
        start.Environment["LARKSPUR_MASTER_KEY"] = GatewayApp.MasterKey;
        start.Environment["FEISHU_BASE_URL"] = emulator.BaseUrl.ToString();
        start.Environment["FEISHU_ACCOUNTS_URL"] = emulator.BaseUrl.ToString();
        start.Environment["FEISHU_APP_ID"] = EmulatorApp.DefaultApp.AppId;
        start.Environment["FEISHU_APP_SECRET"] = EmulatorApp.DefaultApp.AppSecret;
        start.Environment["FEISHU_ENCRYPT_KEY"] = EmulatorApp.DefaultApp.EncryptKey;
        start.Environment["FEISHU_VERIFICATION_TOKEN"] = EmulatorApp.DefaultApp.VerificationToken;
        start.Environment["Larkspur__Plugins__0"] = DemoBot;
        foreach (var (name, value) in settings ?? new Dictionary<string, string>()) start.Environment[name] = value;

        var gateway = new GatewayProcess(new Process { StartInfo = start }, address);
        gateway._process.OutputDataReceived += (_, e) => gateway.Append(e.Data);
        gateway._process.ErrorDataReceived += (_, e) => gateway.Append(e.Data);
        gateway._process.Start();
        gateway._process.BeginOutputReadLine();
        gateway._process.BeginErrorReadLine();
        return gateway;
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: it stands still with all it holds.</summary>
    /// <exception cref="InvalidOperationException">It has ended.</exception>
    public async Task FreezeAsync()
    {
        if (!await ProcessSignal.StopAsync(_process.Id)) throw new InvalidOperationException($"The gateway has ended:\n{Output}");
    }

    /// <summary>SIGCONT: for it, no time has passed.</summary>
    public Task WakeAsync() => ProcessSignal.ContinueAsync(_process.Id);

    /// <summary>SIGTERM: it ends what it does.</summary>
    /// <returns>Its exit code; null: it did not end in half a minute.</returns>
    public async Task<int?> StopAsync()
    {
        await ProcessSignal.SendAsync("TERM", _process.Id);
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _process.HasExited ? _process.ExitCode : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    /// <summary>Waits until it reports ready.</summary>
    /// <param name="atMost">Null: 60 s.</param>
    /// <exception cref="InvalidOperationException">It ended.</exception>
    /// <exception cref="TimeoutException">It did not become ready in time.</exception>
    public async Task ReadyAsync(TimeSpan? atMost = null, CancellationToken cancellation = default)
    {
        var bound = atMost ?? TimeSpan.FromSeconds(60);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Address };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(bound);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            if (_process.HasExited) throw new InvalidOperationException($"The gateway ended with {_process.ExitCode}:\n{Output}");
            try
            {
                using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), deadline.Token);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            catch (OperationCanceledException)
            {
                // The deadline; said below.
            }

            try
            {
                await ticks.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                cancellation.ThrowIfCancellationRequested();
                throw new TimeoutException($"The gateway was not ready within {bound.TotalSeconds:0} s:\n{Output}");
            }
        }
    }

    private void Append(string? line)
    {
        if (line is null) return;
        lock (_output)
        {
            _output.AppendLine(line);
            if (_output.Length > LongestOutput) _output.Remove(0, LongestOutput / 2);
        }
    }
}
