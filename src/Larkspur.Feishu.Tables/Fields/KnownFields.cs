namespace Larkspur.Feishu.Tables;

/// <summary>The field list of a table as it was read last. Thread-safe.</summary>
internal sealed class KnownFields(FeishuTable table)
{
    private readonly Lock _gate = new();
    private TableFields? _known;
    private long _moment;
    private long _knownSince;

    /// <summary>The list; read now when none is known, or when it is asked for again.</summary>
    public async Task<TableFields> GetAsync(bool again, CancellationToken cancellationToken)
    {
        long began;
        lock (_gate)
        {
            if (!again && _known is { } known) return known;
            began = ++_moment;
        }

        var read = new TableFields(await table.Fields.ListAsync(cancellationToken: cancellationToken));
        lock (_gate)
        {
            // A list whose reading began before the fields changed may be the old one: whoever asked for it gets it, and nobody else.
            if (began > _knownSince) (_known, _knownSince) = (read, began);
        }

        return read;
    }

    /// <summary>The list read anew because <paramref name="old"/> did not do; no second time when somebody has read it meanwhile.</summary>
    public Task<TableFields> NewerAsync(TableFields old, CancellationToken cancellationToken)
    {
        bool again;
        lock (_gate) again = ReferenceEquals(_known, old);
        return GetAsync(again, cancellationToken);
    }

    /// <summary>Forgets it, and whatever is being read now.</summary>
    public void Forget()
    {
        lock (_gate) (_known, _knownSince) = (null, ++_moment);
    }
}
