using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.Feishu.Control;

/// <summary>
/// Somebody of another company comes to write to this one's bots and to click on their cards. The platform names their own company with
/// everything they do, and within it they may have the same <c>user_id</c> as a member here. No directory of this company knows them.
/// </summary>
internal static partial class GuestsCommand
{
    /// <summary>Makes the guest. <c>person</c> of the answer is what <c>act</c> takes as <c>as</c>.</summary>
    public static JsonObject Put(EmulatorState state, ControlInput input)
    {
        input.Only("person", "tenant_key", "name");
        var (id, tenant) = (input.Need("person"), input.Need("tenant_key"));
        if (!Word().IsMatch(id) || !Word().IsMatch(tenant))
            throw new ControlRefusal("\"user_id\" and \"tenant_key\" are 1 to 64 letters, digits, dots, dashes and underscores.");
        if (state.Apps.Any(a => a.TenantKey == tenant)) throw new ControlRefusal("\"tenant_key\" is this company's own.");
        var name = input.Text("name") ?? id;
        var guest = new Person
        {
            UserId = $"{id}@{tenant}", Name = name, EnName = name, Email = "", Mobile = "", EmployeeNo = "", JobTitle = "",
            TenantKey = tenant, IdInTenant = id,
        };
        state.Put(guest);
        return new JsonObject { ["ok"] = true, ["person"] = guest.UserId };
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$")]
    private static partial Regex Word();
}
