using System.Globalization;
using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Tables.Bitable;

/// <summary>
/// A table that is synchronised, and what this process knows of it: its fields, so that a look costs no call, and whether the platform
/// tells
/// of its changes.
/// </summary>
internal sealed class WatchedTable(FeishuTable table, BaseSubscription subscription, TimeProvider clock)
{
    /// <summary>Fields and rights are asked for anew after so long, and when an event tells of a field.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    /// <summary>Without events the table's revision is asked for as often as this.</summary>
    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(30);

    private SideShape? _shape;
    private DateTimeOffset _shapeAt;

    public FeishuTable Table => table;

    /// <summary>Fields changed.</summary>
    public void Forget()
    {
        _shape = null;
        table.ForgetFields();
    }

    public async Task<SideShape> ShapeAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        // Another process may have heard that fields changed.
        var heard = await subscription.HeardAsync(cancellation);
        if (_shape is { } known && now - _shapeAt < Fresh && !(heard?.FieldsAt > _shapeAt)) return known;
        var info = await table.Base.GetAsync(cancellation);
        var fields = await table.GetFieldsAsync(again: true, cancellation);
        _shapeAt = now;
        // With advanced permissions on or off other rows are seen than before.
        return _shape = new([.. fields.Select(FieldKinds.Column)], info.IsAdvanced ? "advanced" : "plain");
    }

    public async Task<string?> RevisionAsync(CancellationToken cancellation)
    {
        await foreach (var info in table.Base.ListTablesAsync(cancellation))
        {
            if (info.Id == table.Id) return info.Revision.ToString(CultureInfo.InvariantCulture);
        }

        return null;
    }

    /// <summary>This process has written into the table: the platform tells of that, if it tells of anything.</summary>
    public void Wrote() => subscription.Wrote();

    /// <summary>
    /// Changes come as events. Where they do not come the table's revision says that something changed, and everything is compared.
    /// </summary>
    /// <param name="cursor">The revision and when it was asked for; null: it was not yet.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<SideNews?> NewsAsync(string? cursor, CancellationToken cancellation)
    {
        var comes = await subscription.EnsureAsync(cancellation);
        var (revision, at) = Read(cursor);
        var now = clock.GetUtcNow();
        if (cursor is not null && (comes || now - at < PollEvery)) return new([], cursor);
        var newest = await RevisionAsync(cancellation);
        return new([], $"{newest}@{now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)}",
            IsGap: cursor is not null && newest != revision);
    }

    private static (string? Revision, DateTimeOffset At) Read(string? cursor)
    {
        var parts = cursor?.Split('@') ?? [];
        return parts is [var revision, var at] && long.TryParse(at, CultureInfo.InvariantCulture, out var milliseconds)
            ? (revision, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)) : (null, DateTimeOffset.MinValue);
    }
}
