using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.Feishu.Approval;
using Larkspur.Emulator.State.Approvals;

namespace Larkspur.Emulator.Feishu.Control;

/// <summary>What an administrator does with a definition in the approval console and no API can: <c>{"status":"INACTIVE","remove_repeat":true}</c>.</summary>
internal sealed class ApprovalsCommand(EmulatorState state, ApprovalEngine engine)
{
    public JsonObject Change(string code, ControlInput input)
    {
        input.Only("status", "remove_repeat", "reject_returns");
        var definition = state.Approval(code) ?? throw new ControlRefusal($"There is no approval {code}. Approvals: {string.Join(", ", state.Approvals.Select(a => a.Code))}.", 404);
        var status = input.Text("status") switch
        {
            null => definition.Status, "ACTIVE" => DefinitionStatus.Active, "INACTIVE" => DefinitionStatus.Inactive, "DELETED" => DefinitionStatus.Deleted,
            _ => throw new ControlRefusal("\"status\" is ACTIVE, INACTIVE or DELETED."),
        };
        engine.Put(definition with
        {
            Status = status, SkipsRepeated = input.Flag("remove_repeat", definition.SkipsRepeated), RejectReturns = input.Flag("reject_returns", definition.RejectReturns), Version = definition.Version + 1,
        }, changed: true);
        return ControlEndpoints.Done();
    }
}
