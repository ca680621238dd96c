using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables;

/// <summary>The one way in which bases change: whole or not at all, and then told to who subscribed.</summary>
internal sealed class TableWrites(EmulatorState state, CurrentTableRules rules, WriteGate gate, TableEvents events,
    TableHistory history)
{
    // What is remembered stands in the order in which it happened.
    private readonly Lock _order = new();

    /// <param name="operatorId">A <c>user_id</c> or an <c>app_id</c>.</param>
    /// <param name="edit">May refuse by throwing; then nothing changed.</param>
    /// <param name="refuse">The refusal with a code: 1254103 when there is no room for more.</param>
    public T Change<T>(string appToken, string operatorId, Func<TableEdit, T> edit, Func<long, Exception> refuse)
    {
        TableEdit? done = null;
        T? result = default;
        TableBase? before = null;
        TableBase? changed;
        lock (_order)
        {
            changed = state.ChangeBase(appToken, found =>
            {
                before = found;
                done = new TableEdit(state, found, rules.Now, operatorId, refuse);
                result = edit(done);
                return done.Done();
            });
            if (changed is null || done is null) throw refuse(1254103);
            history.Note(before!, changed, done);
        }

        events.Tell(before!, changed, done);
        return result!;
    }

    /// <inheritdoc cref="Change{T}(string, string, Func{TableEdit, T}, Func{long, Exception})"/>
    /// <exception cref="ApiRefusedException">1254103 when there is no room for more.</exception>
    public T Change<T>(ApiRequest request, Func<TableEdit, T> edit)
    {
        var result = Change(request.Path["app_token"], TableAccess.Caller(request), edit, code => request.Refuse(code));
        gate.Done(request);
        return result;
    }
}
