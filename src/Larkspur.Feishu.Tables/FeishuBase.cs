using System.Runtime.CompilerServices;
using System.Text.Json;
using Larkspur.Feishu.Api.Bitable.V1;

namespace Larkspur.Feishu.Tables;

/// <summary>
/// A base: tables, and the files in them. Get it as <c>feishu.Tables(appToken)</c>; keep it, for it remembers the base's time zone.
/// </summary>
/// <remarks>
/// All ids are unique in their base only. Thread-safe. Writes of one base go one after the other within this process, through however many
/// objects and clients they are made: the platform serialises them anyway and answers those that come at once with conflicts.
/// </remarks>
public sealed class FeishuBase
{
    private const int TablesOfAPage = 100;

    private TimeZoneInfo? _zone;

    internal FeishuBase(FeishuClient client, string appToken, TableOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(appToken);
        AppToken = appToken;
        Calls = new(client, options);
        _zone = options.TimeZone;
    }

    /// <summary>The base's token.</summary>
    public string AppToken { get; }

    /// <summary>Files: uploaded before a cell can name them.</summary>
    public BaseFiles Files => new(this);

    internal BaseCalls Calls { get; }

    /// <summary>Made by the first write: bases that are only read leave nothing behind.</summary>
    internal BaseGate Gate => BaseGate.Of(Calls.Client, AppToken);

    /// <summary>A table. Keep it: it remembers the table's fields.</summary>
    /// <param name="tableId"><c>tbl…</c>.</param>
    public FeishuTable Table(string tableId) => new(this, tableId);

    /// <summary>Name, revision, time zone, and whether advanced permissions are on.</summary>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    /// <exception cref="PlatformNetworkException">No answer came.</exception>
    public async Task<BaseInfo> GetAsync(CancellationToken cancellationToken = default)
    {
        var answer = await Calls.ReadAsync<JsonElement>(() => Request(Endpoints.AppGet), cancellationToken);
        var app = answer.Member("app");
        return new(
            app.TextOf("name") ?? "", app.Member("revision").TryGet(out long revision) ? revision : 0,
            app.Member("is_advanced").ValueKind == JsonValueKind.True, app.TextOf("time_zone"));
    }

    /// <summary>The base's time zone, asked for once.</summary>
    /// <exception cref="TimeZoneNotFoundException">
    /// It is none that this machine knows; name one in <see cref="TableOptions.TimeZone"/>.
    /// </exception>
    /// <inheritdoc cref="GetAsync" path="/exception"/>
    public async Task<TimeZoneInfo> GetTimeZoneAsync(CancellationToken cancellationToken = default)
    {
        if (_zone is { } known) return known;
        var info = await GetAsync(cancellationToken);
        return _zone = BaseTimeZone.Find(info.TimeZone ?? throw new TimeZoneNotFoundException("The base does not say its time zone."));
    }

    /// <summary>
    /// The tables with their revisions, which grow with every change: one cheap call shows which tables changed at all. Whether each edit
    /// of a cell counts is UNVERIFIED.
    /// </summary>
    /// <inheritdoc cref="GetAsync" path="/exception"/>
    public async IAsyncEnumerable<TableInfo> ListTablesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var table in Calls.PagesAsync(() => Request(Endpoints.AppTableList), TablesOfAPage, cancellationToken))
        {
            yield return new(
                table.TextOf("table_id") ?? "", table.TextOf("name") ?? "", table.Member("revision").TryGet(out long revision) ? revision
                    : 0);
        }
    }

    internal FeishuRequest Request(FeishuEndpoint endpoint) => new FeishuRequest(endpoint).WithPath("app_token", AppToken);
}

/// <summary>A base.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Revision">Grows with every change of the base.</param>
/// <param name="IsAdvanced">
/// Advanced permissions are on: who may not manage the base gets empty lists without an error. Believe no deletion then.
/// </param>
/// <param name="TimeZone">Its time zone, as the platform names it (<see cref="BaseTimeZone.Find"/>).</param>
public sealed record BaseInfo(string Name, long Revision, bool IsAdvanced, string? TimeZone);

/// <summary>A table of a base.</summary>
/// <param name="Id"><c>tbl…</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Revision">Grows with its changes; the same number as in change events.</param>
public sealed record TableInfo(string Id, string Name, long Revision);
