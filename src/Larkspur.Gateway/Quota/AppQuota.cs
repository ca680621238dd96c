namespace Larkspur.Gateway.Quota;

/// <summary>One app: the database's facts, and a refusal or its end that is not written yet.</summary>
internal sealed class AppQuota
{
    private readonly Lock _gate = new();
    private QuotaChange? _change;
    private DateTimeOffset _lastProbe = DateTimeOffset.MinValue;

    public QuotaFacts Facts { get; private set; } = QuotaFacts.None;

    /// <summary>When the platform refused, if it did so in this month and nothing has ended it.</summary>
    public DateTimeOffset? RefusedIn(int month)
    {
        lock (_gate) return Refused(month);
    }

    /// <returns>True when that is news.</returns>
    public bool Refuse(DateTimeOffset at, int month)
    {
        lock (_gate)
        {
            if (Refused(month) is not null) return false;
            _change = new QuotaChange(month, at, Ends: null);
            _lastProbe = at;
            return true;
        }
    }

    /// <summary>A counted call worked: there is quota again, if the refusal is older than <paramref name="before"/>.</summary>
    /// <returns>True when that is news.</returns>
    public bool Prove(DateTimeOffset before)
    {
        lock (_gate)
        {
            if (Facts.RefusedAt is not { } at || _change is not null || at >= before) return false;
            _change = new QuotaChange(Facts.Month, RefusedAt: null, Ends: at);
            return true;
        }
    }

    /// <summary>Takes a pass to try a call.</summary>
    public bool TryProbe(DateTimeOffset since, DateTimeOffset now, TimeSpan interval)
    {
        lock (_gate)
        {
            var last = _lastProbe > since ? _lastProbe : since;
            // A clock that was set back does not close the door for longer than it would have been.
            if (now - last < interval && now >= last) return false;
            _lastProbe = now;
            return true;
        }
    }

    /// <summary>What is to be written now; it stands until <see cref="Update"/> says that it was.</summary>
    public QuotaChange? Change
    {
        get { lock (_gate) return _change; }
    }

    /// <summary>The database's facts, after <paramref name="written"/> has become part of them.</summary>
    public void Update(QuotaFacts facts, QuotaChange? written)
    {
        lock (_gate)
        {
            Facts = facts;
            if (ReferenceEquals(_change, written)) _change = null;
        }
    }

    private DateTimeOffset? Refused(int month)
    {
        if (_change is { } change && change.Month == month) return change.RefusedAt;
        return Facts.Month == month ? Facts.RefusedAt : null;
    }
}

/// <summary>The platform has refused, or works again.</summary>
/// <param name="Month">The month it is about.</param>
/// <param name="RefusedAt">When it refused; null: the refusal is over.</param>
/// <param name="Ends">Which refusal is over.</param>
internal sealed record QuotaChange(int Month, DateTimeOffset? RefusedAt, DateTimeOffset? Ends);
