using System.Collections.Immutable;

namespace Larkspur.Emulator.Feishu.Tables.Editing;

/// <summary>What each person did in each table and can take back, and what was taken back and can be done again.</summary>
/// <remarks>
/// It outlives the page. <see cref="MostSteps"/> a table and person, of 20,000 rows together; the oldest are forgotten.
/// </remarks>
internal sealed class UndoSteps : IResettableState
{
    public const int MostSteps = 100;
    private const int MostRows = 20_000;
    private const int MostStacks = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Person, string Table), Stacks> _stacks = [];

    /// <summary>Something was done: what was taken back before cannot be done again.</summary>
    public void Did(string person, string tableId, ImmutableArray<RowChange> rows) => Change(person, tableId, stacks =>
    {
        stacks.Redo.Clear();
        Push(stacks.Undo, rows);
    });

    /// <summary>The last step, which is from then on no longer on its stack; null: there is none.</summary>
    public ImmutableArray<RowChange>? Take(string person, string tableId, bool redo)
    {
        ImmutableArray<RowChange>? taken = null;
        Change(person, tableId, stacks =>
        {
            var from = redo ? stacks.Redo : stacks.Undo;
            if (from.Last is not { } last) return;
            taken = last.Value;
            from.RemoveLast();
        });
        return taken;
    }

    /// <summary>A step was taken back (or done again): its opposite can be.</summary>
    public void Turned(string person, string tableId, bool redo, ImmutableArray<RowChange> rows) =>
        Change(person, tableId, stacks => Push(redo ? stacks.Undo : stacks.Redo, rows));

    public void Reset()
    {
        lock (_gate) _stacks.Clear();
    }

    private static void Push(LinkedList<ImmutableArray<RowChange>> stack, ImmutableArray<RowChange> rows)
    {
        if (rows.IsEmpty) return;
        stack.AddLast(rows);
        while (stack.Count > MostSteps || (stack.Count > 1 && stack.Sum(static s => s.Length) > MostRows)) stack.RemoveFirst();
    }

    private void Change(string person, string tableId, Action<Stacks> change)
    {
        lock (_gate)
        {
            if (!_stacks.TryGetValue((person, tableId), out var stacks))
            {
                if (_stacks.Count >= MostStacks) _stacks.Clear();
                _stacks[(person, tableId)] = stacks = new Stacks([], []);
            }

            change(stacks);
        }
    }

    private sealed record Stacks(LinkedList<ImmutableArray<RowChange>> Undo, LinkedList<ImmutableArray<RowChange>> Redo);
}
