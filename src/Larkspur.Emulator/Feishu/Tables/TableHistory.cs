using System.Collections.Immutable;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables;

/// <summary>What changed in tables, by whom and when: for the history of a row, and for pages that follow a table live.</summary>
/// <remarks>The oldest are forgotten beyond <see cref="MostRows"/> changed rows or <see cref="MostText"/> characters.</remarks>
internal sealed class TableHistory(EmulatorState state) : IResettableState
{
    public const int MostRows = 20_000;
    public const long MostText = 16L << 20;

    private readonly Lock _gate = new();
    private readonly LinkedList<TableChange> _changes = [];
    private long _number;
    private int _rows;
    private long _text;

    /// <summary>Each change once, in their order; what listens must not wait.</summary>
    public event Action<TableChange>? Changed;

    public void Note(TableBase before, TableBase after, TableEdit edit)
    {
        var rows = edit.Rows.ToLookup(r => r.TableId, StringComparer.Ordinal);
        var ids = after.Tables.Concat(before.Tables).Select(t => t.TableId).Distinct(StringComparer.Ordinal);
        foreach (var id in ids)
        {
            var (old, now) = (before.Table(id), after.Table(id));
            if (ReferenceEquals(old, now)) continue;
            var shape = old is null || now is null || old.Fields != now.Fields || old.Views != now.Views || old.Name != now.Name;
            ImmutableArray<RowChange> changed = [.. rows[id]];
            if (changed.IsEmpty && !shape) continue;
            Keep(new TableChange(Interlocked.Increment(ref _number), after.AppToken, id, state.Clock.GetUtcNow(), edit.OperatorId,
                changed, (now ?? old)!.Fields, shape));
        }
    }

    /// <summary>What became of a row, the newest first.</summary>
    public IReadOnlyList<(TableChange Change, RowChange Row)> Of(string appToken, string tableId, string recordId, int most)
    {
        lock (_gate)
        {
            return
            [
                .. _changes.Reverse().Where(c => c.AppToken == appToken && c.TableId == tableId)
                    .SelectMany(c => c.Rows.Where(r => r.RecordId == recordId).Select(r => (c, r))).Take(most),
            ];
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            _changes.Clear();
            (_rows, _text) = (0, 0);
        }
    }

    private void Keep(TableChange change)
    {
        lock (_gate)
        {
            _changes.AddLast(change);
            Count(change, 1);
            while (_changes.First is { } oldest && (_rows > MostRows || _text > MostText))
            {
                _changes.RemoveFirst();
                Count(oldest.Value, -1);
            }
        }

        Changed?.Invoke(change);
    }

    private void Count(TableChange change, int sign)
    {
        _rows += sign * Math.Max(1, change.Rows.Length);
        _text += sign * change.Rows.Sum(static r => (r.Before?.Weight ?? 0) + (r.After?.Weight ?? 0));
    }
}
