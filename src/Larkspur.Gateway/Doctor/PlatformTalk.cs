using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor;

/// <summary>Questions to the platform about an app. Each is asked at most once a run, by a client of its own: its token is a fresh one, not the cached one.</summary>
internal sealed class PlatformTalk : IDisposable
{
    private readonly HttpClient _http;
    private readonly DateNote _dates;
    private readonly FeishuClient _client;
    private readonly CancellationToken _run;
    private readonly Lazy<Task<PlatformAnswer<JsonElement>>> _token;
    private readonly Lazy<Task<PlatformAnswer<JsonElement>>> _bot;
    private readonly Lazy<Task<PlatformAnswer<JsonElement>>> _scopes;
    private readonly Lazy<Task<PlatformAnswer<JsonElement>>> _app;
    private readonly Lazy<Task<PlatformAnswer<JsonElement>>> _version;

    /// <param name="options">The app; read from here on.</param>
    /// <param name="clock">Time.</param>
    /// <param name="observer">Counts the calls; null: nobody does.</param>
    /// <param name="run">Ends all questions.</param>
    public PlatformTalk(FeishuOptions options, TimeProvider clock, IFeishuCallObserver? observer, CancellationToken run)
    {
        _dates = new DateNote(clock);
        _http = new HttpClient(_dates) { Timeout = Timeout.InfiniteTimeSpan };
        _client = new FeishuClient(options, _http, clock, observer: observer);
        _run = run;
        _token = Once(AskTokenAsync);
        _bot = Once(() => AskAsync("bot.v3.info.get"));
        _scopes = Once(() => AskAsync("application.v6.scope.list"));
        _app = Once(() => AskAsync("application.v6.application.get", r => r.WithPath("app_id", "me").WithQuery("lang", "zh_cn")));
        _version = Once(AskVersionAsync);
    }

    public FeishuOptions Options => _client.Options;

    /// <summary>How far this machine's clock is ahead of the platform's, within a second; null until an answer came.</summary>
    public TimeSpan? Ahead => _dates.Ahead;

    /// <summary>A tenant token, with its kind and life time; <c>tenant_access_token</c> itself is not handed on.</summary>
    public Task<PlatformAnswer<JsonElement>> TokenAsync() => _token.Value;

    /// <summary><c>bot/v3/info</c>: <c>bot</c>.</summary>
    public Task<PlatformAnswer<JsonElement>> BotAsync() => AfterTokenAsync(_bot);

    /// <summary><c>application/v6/scopes</c>.</summary>
    public Task<PlatformAnswer<JsonElement>> ScopesAsync() => AfterTokenAsync(_scopes);

    /// <summary>The app itself; the platform tells it only with <c>application:application:self_manage</c>.</summary>
    public Task<PlatformAnswer<JsonElement>> AppAsync() => AfterTokenAsync(_app);

    /// <summary>The version that is online; <see cref="JsonValueKind.Undefined"/> when there is none.</summary>
    public Task<PlatformAnswer<JsonElement>> VersionAsync() => AfterTokenAsync(_version);

    public async Task<PlatformAnswer<JsonElement>> ApprovalAsync(string code) =>
        await TokenAsync() is { Failure: not null } no ? no : await AskAsync("approval.v4.approval.get", r => r.WithPath("approval_code", code));

    /// <summary>Subscribes to a definition's events; the platform has no question for whether that was done.</summary>
    public async Task<PlatformAnswer<JsonElement>> SubscribeAsync(string code) =>
        await TokenAsync() is { Failure: not null } no ? no : await AskAsync("approval.v4.approval.subscribe", r => r.WithPath("approval_code", code));

    /// <summary>The app's page in the developer console.</summary>
    public string ConsolePage(string part) => $"https://open.{(Options.Brand == FeishuBrand.Lark ? "larksuite.com" : "feishu.cn")}/app/{Options.AppId}/{part}";

    /// <summary>The page that grants these scopes.</summary>
    public string GrantPage(IEnumerable<string> scopes) => ConsolePage($"auth?q={string.Join(',', scopes)}&op_from=openapi&token_type=tenant");

    public void Dispose() => _http.Dispose();

    private static Lazy<Task<PlatformAnswer<JsonElement>>> Once(Func<Task<PlatformAnswer<JsonElement>>> ask) => new(ask, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Without a token every question would be refused for that reason alone.</summary>
    private async Task<PlatformAnswer<JsonElement>> AfterTokenAsync(Lazy<Task<PlatformAnswer<JsonElement>>> question) =>
        await TokenAsync() is { Failure: not null } no ? no : await question.Value;

    private async Task<PlatformAnswer<JsonElement>> AskTokenAsync()
    {
        var answer = await AskAsync("auth.v3.tenant_access_token.internal", r => r.Body = new Dictionary<string, string> { ["app_id"] = Options.AppId, ["app_secret"] = Options.AppSecret });
        if (answer.Failure is not null) return answer;
        var token = answer.Value.TryGetProperty("tenant_access_token", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : "";
        var kind = token switch { ['t', '-', ..] => "tenant", ['a', '-', ..] => "app", "" => "none", _ => "unknown" };
        var life = answer.Value.TryGetProperty("expire", out var expire) && expire.TryGetInt64(out var seconds) ? seconds : 0;
        return new(JsonSerializer.SerializeToElement(new Dictionary<string, object> { ["kind"] = kind, ["expire"] = life }), null);
    }

    private async Task<PlatformAnswer<JsonElement>> AskVersionAsync()
    {
        var app = await _app.Value;
        if (app.Failure is not null) return app;
        if (app.Value.TryGetProperty("app", out var me) && me.TryGetProperty("online_version_id", out var id) && id.GetString() is { Length: > 0 } online)
        {
            return await AskAsync("application.v6.application.app_version.get", r => r.WithPath("app_id", "me").WithPath("version_id", online).WithQuery("lang", "zh_cn"));
        }

        return new(default, null);
    }

    private async Task<PlatformAnswer<JsonElement>> AskAsync(string endpoint, Action<FeishuRequest>? fill = null)
    {
        var request = new FeishuRequest(ScopePlan.Entry(endpoint).Endpoint);
        fill?.Invoke(request);
        try
        {
            return new(await _client.SendAsync<JsonElement>(request, cancellationToken: _run), null);
        }
        catch (FeishuApiException e)
        {
            var kind = e.Code is 99991672 ? UnaskedKind.Scope : e.FailureKind == FailureKind.Authentication ? UnaskedKind.Credentials : UnaskedKind.Refused;
            return new(default, new PlatformAnswerFailure(kind, e.Code, Words(e), e.LogId) { MissingScopes = e.MissingScopes });
        }
        catch (PlatformNetworkException e)
        {
            return new(default, new PlatformAnswerFailure(UnaskedKind.Unreachable, 0, e.TimedOut ? NetworkTexts.TimedOut() : NetworkTexts.Of(e.InnerException ?? e), null));
        }
    }

    /// <summary>The platform's own words, in Chinese those that are known for the code.</summary>
    private static LocalText Words(FeishuApiException e)
    {
        var said = Short(e.Msg is { Length: > 0 } msg ? msg : e.Message);
        return e.Explanation is { } known ? new(known.Chinese.TrimEnd('。'), said) : LocalText.From(said);
    }

    private static string Short(string text) => text.Length <= 300 ? text : text[..(char.IsHighSurrogate(text[299]) ? 299 : 300)] + "…";

    /// <summary>Notes what the platform's clock says.</summary>
    private sealed class DateNote(TimeProvider clock) : DelegatingHandler(PlatformHttp.CreateHandler())
    {
        private long _ahead = long.MinValue;

        public TimeSpan? Ahead => Interlocked.Read(ref _ahead) is var ticks and not long.MinValue ? new TimeSpan(ticks) : null;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            if (answer.Headers.Date is { } date) Interlocked.Exchange(ref _ahead, (clock.GetUtcNow() - date).Ticks);
            return answer;
        }
    }
}

/// <summary>An answer, or why there is none.</summary>
internal readonly record struct PlatformAnswer<T>(T Value, PlatformAnswerFailure? Failure);

/// <summary>Why the platform did not answer a question. Its text holds no secret: the SDK takes them out.</summary>
internal sealed record PlatformAnswerFailure(UnaskedKind Kind, long Code, LocalText Message, string? LogId)
{
    public IReadOnlyList<string> MissingScopes { get; init; } = [];
}

internal enum UnaskedKind
{
    /// <summary>App id or secret are not accepted.</summary>
    Credentials,

    /// <summary>No answer came.</summary>
    Unreachable,

    /// <summary>The app lacks the scope for this question.</summary>
    Scope,

    /// <summary>The platform said no for another reason.</summary>
    Refused,
}
