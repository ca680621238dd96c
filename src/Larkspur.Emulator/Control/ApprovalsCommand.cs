using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Approval;
using Larkspur.Emulator.World;
using Larkspur.Emulator.World.Approvals;

namespace Larkspur.Emulator.Control;

/// <summary>What an administrator does with a definition in the approval console and no API can: <c>{"status":"INACTIVE","remove_repeat":true}</c>.</summary>
internal sealed class ApprovalsCommand(EmulatedWorld world, ApprovalDesk desk)
{
    public JsonObject Change(string code, ControlInput input)
    {
        input.Only("status", "remove_repeat", "reject_returns");
        var definition = world.Approval(code) ?? throw new ControlRefusal($"There is no approval {code}. Approvals: {string.Join(", ", world.Approvals.Select(a => a.Code))}.", 404);
        var status = input.Text("status") switch
        {
            null => definition.Status, "ACTIVE" => DefinitionStatus.Active, "INACTIVE" => DefinitionStatus.Inactive, "DELETED" => DefinitionStatus.Deleted,
            _ => throw new ControlRefusal("\"status\" is ACTIVE, INACTIVE or DELETED."),
        };
        desk.Put(definition with
        {
            Status = status, SkipsRepeated = input.Flag("remove_repeat", definition.SkipsRepeated), RejectReturns = input.Flag("reject_returns", definition.RejectReturns), Version = definition.Version + 1,
        }, changed: true);
        return ControlEndpoints.Done();
    }
}
