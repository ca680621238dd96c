namespace Larkspur.Testing.Chaos;

/// <summary>The gateway processes of a run: on one database, behind one address.</summary>
internal sealed class GatewayGroup : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-chaos-").FullName;
    private readonly EmulatorApp _emulator;
    private readonly Dictionary<string, string> _settings;
    private readonly Member[] _members;
    private readonly Balancer? _balancer;

    public GatewayGroup(ChaosPlan plan, EmulatorApp emulator)
    {
        _emulator = emulator;
        _settings = new Dictionary<string, string>(plan.Settings)
        {
            ["LARKSPUR_DB"] = plan.Database,
            ["FEISHU_RATE_FACTOR"] = plan.RateFactor.ToString(),
            // A chat's own limit is raised with the others; the pauses after failures shrink, to have more of them in less time.
            ["Larkspur__Outbox__PerLane"] = "1000",
            ["Larkspur__Outbox__FirstPause"] = "00:00:00.100",
            ["Larkspur__Outbox__LongestPause"] = "00:00:02",
            ["Logging__LogLevel__Default"] = "Warning",
        };
        _members = [.. Enumerable.Range(0, plan.Processes).Select(i =>
            new Member(GatewayProcess.FreeAddress(), Directory.CreateDirectory(Path.Combine(_folder, $"{i}")).FullName)
            {
                Routes = plan.NetworkFaults > 0 ? new MemberRoutes(emulator.BaseUrl, plan.Database, plan.LongestFreeze) : null,
            })];
        _balancer = plan.Processes > 1 ? new Balancer(_members.Select(m => m.Address)) : null;
        Address = _balancer?.Address ?? _members[0].Address;
        Rows = new GatewayRows(plan.Database, _members[0].Folder);
    }

    /// <summary>What they have in their database.</summary>
    public GatewayRows Rows { get; }

    /// <summary>Where the platform delivers.</summary>
    public Uri Address { get; }

    public int Count => _members.Length;

    /// <summary>Addresses of those that run.</summary>
    public IEnumerable<Uri> Running => _members.Where(m => m.Process is not null).Select(m => m.Address);

    public bool AnyReady => _members.Any(m => m.IsReady);

    public string Output => string.Join('\n', _members.Select((m, i) => $"--- gateway {i}, last life:\n{m.Process?.Output}"));

    /// <summary>Environment variables of those that are started from now on.</summary>
    public void Configure(IEnumerable<KeyValuePair<string, string>> settings)
    {
        foreach (var (name, value) in settings) _settings[name] = value;
    }

    public void Start(int member)
    {
        var settings = new Dictionary<string, string>(_settings);
        if (_members[member].Routes is { } routes)
        {
            var direct = _emulator.BaseUrl.ToString();
            foreach (var (name, value) in settings) settings[name] = value.Replace(direct, routes.Platform, StringComparison.Ordinal);
            settings["FEISHU_BASE_URL"] = settings["FEISHU_ACCOUNTS_URL"] = routes.Platform;
            settings["LARKSPUR_DB"] = routes.Database;
        }

        _members[member].Process = GatewayProcess.Start(_emulator, _members[member].Address, _members[member].Folder, settings);
    }

    public async Task ReadyAsync(int member, CancellationToken cancellation)
    {
        await _members[member].Process!.ReadyAsync(TimeSpan.FromMinutes(2), cancellation);
        _members[member].IsReady = true;
    }

    public async Task KillAsync(int member)
    {
        _members[member].IsReady = false;
        await _members[member].Process!.DisposeAsync();
        _members[member].Process = null;
    }

    /// <summary>Lets a member stand still, and go on.</summary>
    public async Task FreezeAsync(int member, TimeSpan @for, CancellationToken cancellation)
    {
        await _members[member].Process!.FreezeAsync();
        try
        {
            await Task.Delay(@for, cancellation);
        }
        finally
        {
            await _members[member].Process!.WakeAsync();
        }
    }

    /// <summary>Something happens to the network of a member.</summary>
    public Task<string> FailNetworkAsync(int member, int number, Random moments, CancellationToken cancellation) =>
        _members[member].Routes!.FailAsync(number, moments, cancellation);

    /// <summary>What those that run hold, though there is nothing to do.</summary>
    public async Task<IReadOnlyList<string>> FindHeldAsync(CancellationToken cancellation)
    {
        List<string> held = [];
        foreach (var process in _members.Select(m => m.Process).OfType<GatewayProcess>())
            held.AddRange(await Remains.FindHeldAsync(process.Address, process.Id, cancellation));
        return held;
    }

    /// <summary>The memory of each, in MB.</summary>
    public IReadOnlyList<long> Megabytes() =>
        [.. _members.Select(m => m.Process).OfType<GatewayProcess>().Select(p => Remains.Megabytes(p.Id))];

    /// <summary>Ends all as an administrator does.</summary>
    /// <returns>What was wrong with that.</returns>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        List<string> wrong = [];
        foreach (var member in _members.Where(m => m.Process is not null))
        {
            member.IsReady = false;
            var code = await member.Process!.StopAsync();
            if (code != 0) wrong.Add($"A process that was asked to end ended with {code?.ToString() ?? "nothing in half a minute"}:\n{member.Process.Output}");
            await member.Process.DisposeAsync();
            member.Process = null;
        }

        return wrong;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            if (member.Process is not null) await member.Process.DisposeAsync();
            if (member.Routes is not null) await member.Routes.DisposeAsync();
        }

        if (_balancer is not null) await _balancer.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Member(Uri address, string folder)
    {
        public Uri Address { get; } = address;

        public string Folder { get; } = folder;

        public MemberRoutes? Routes { get; init; }

        public GatewayProcess? Process { get; set; }

        public bool IsReady { get; set; }
    }
}
