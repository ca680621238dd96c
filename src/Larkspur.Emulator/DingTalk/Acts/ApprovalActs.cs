using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.DingTalk.Front;
using Larkspur.Emulator.DingTalk.Workflow;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.DingTalk.Acts;

/// <summary>What people do with approvals in their client.</summary>
internal sealed class ApprovalActs(EmulatedWorld world, ApprovalDesk approvals, ApprovalFiles files)
{
    private const int MostBytes = 20 << 20;

    public JsonObject Decide(Person who, ControlInput input, bool agree)
    {
        try
        {
            approvals.Decide(input.Need("instance"), null, who.UserId, agree, input.Text("remark") ?? "");
            return ControlEndpoints.Done();
        }
        catch (DingTalkRefusal refusal)
        {
            throw new ControlRefusal(refusal.Message);
        }
    }

    /// <summary>A page of the application uploads for them to the space of approvals; what it gets goes into a form or beside a remark.</summary>
    public JsonObject Upload(Person who, ControlInput input)
    {
        if (!files.MayUpload(who.UserId)) throw new ControlRefusal($"{who.UserId} may not upload: the application asks for the space first (processInstances/spaces/infos/query).");
        var base64 = input.Need("base64");
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length)) throw new ControlRefusal("\"base64\" is not base64.");
        if (length > MostBytes) throw new ControlRefusal("The file is larger than 20 MB.", 413);
        var name = input.Need("name");
        var type = System.IO.Path.GetExtension(name).TrimStart('.') is { Length: > 0 } extension ? extension : "file";
        var stored = new StoredFile { Key = world.Ids.Next("") + world.Ids.Next(""), IsImage = false, Name = name, Type = "file", ContentType = "application/octet-stream", Bytes = bytes[..length], OwnerId = who.UserId };
        var file = files.Put(name, type, stored, who.UserId);
        var shown = new ApprovalAttachment(ApprovalFiles.SpaceId.ToString(), file.Id, file.Name, file.Size.ToString(), file.Type).Show();
        shown["ok"] = true;
        return shown;
    }
}
