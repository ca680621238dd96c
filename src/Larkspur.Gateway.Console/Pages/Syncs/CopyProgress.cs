using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;

namespace Larkspur.Gateway.Console.Pages.Syncs;

/// <summary>How far a first copy is.</summary>
/// <param name="Done">Rows that it looked at or wrote.</param>
/// <param name="Total">Rows that it has to.</param>
/// <param name="BeganAt">When it began.</param>
internal sealed record CopyProgress(long Done, long Total, DateTimeOffset BeganAt)
{
    /// <summary>0 to 100.</summary>
    public int Percent => Total == 0 ? 100 : (int)(Done * 100 / Total);

    /// <param name="sync">The sync.</param>
    /// <param name="run">Its copy: it counts the rows that it looked at; those that were found equal are linked without a look.</param>
    public static CopyProgress Of(SyncSight sync, RunRow run)
    {
        var (report, flow) = (sync.Report, sync.Row.Spec.Direction);
        var total = report.Differing + (flow == Flow.ToSource ? 0 : report.OnlySource) + (flow == Flow.ToTable ? 0 : report.OnlyTable);
        return new(Math.Min(run.ReadRows, total), total, run.BeganAt);
    }

    /// <summary>Rows a second; null: not known yet.</summary>
    public double? Rate(DateTimeOffset now) => Done > 0 && (now - BeganAt).TotalSeconds is > 0 and var seconds ? Done / seconds : null;

    /// <summary>How long it takes on; null: not known yet.</summary>
    public TimeSpan? Left(DateTimeOffset now) => Rate(now) is { } rate ? TimeSpan.FromSeconds((Total - Done) / rate) : null;
}
