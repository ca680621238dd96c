using Larkspur.Emulator.State.Documents;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.State;

/// <summary>Bases with their tables.</summary>
public sealed partial class EmulatorState
{
    public const int MostBases = 200;
    public const int MostTableRows = 100_000;
    /// <summary>Characters of all bases together.</summary>
    public const long MostTableText = 64L << 20;

    private readonly Dictionary<string, TableBase> _bases = new(StringComparer.Ordinal);

    public IReadOnlyList<TableBase> Bases { get { lock (_gate) return [.. _bases.Values.OrderBy(b => b.AppToken,
        StringComparer.Ordinal)]; } }

    public TableBase? Base(string appToken) { lock (_gate) return _bases.GetValueOrDefault(appToken); }

    /// <returns>False when there are too many already, or all together would be too large.</returns>
    public bool Put(TableBase made, CloudDocument document)
    {
        lock (_gate)
        {
            if (_bases.Count >= MostBases && !_bases.ContainsKey(made.AppToken)) return false;
            if (!HasRoomFor(made) || !Put(document)) return false;
            _bases[made.AppToken] = made;
            return true;
        }
    }

    /// <summary>Changes a base; the change is of the base as it is at that moment, and may refuse by throwing.</summary>
    /// <returns>The base from now on; null: there is none, or all together would have become too large.</returns>
    public TableBase? ChangeBase(string appToken, Func<TableBase, TableBase> change)
    {
        lock (_gate)
        {
            if (!_bases.TryGetValue(appToken, out var found)) return null;
            var changed = change(found);
            if (changed.Weight > found.Weight && !HasRoomFor(changed)) return null;
            if (changed.Name != found.Name) ChangeDocument(appToken, d => d with { Title = changed.Name });
            return _bases[appToken] = changed;
        }
    }

    private bool HasRoomFor(TableBase one) =>
        one.Weight + _bases.Values.Sum(b => b.AppToken == one.AppToken ? 0 : b.Weight) <= MostTableText;

    private void ForgetBases() => _bases.Clear();
}
