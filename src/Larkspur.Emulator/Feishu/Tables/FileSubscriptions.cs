using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Documents;

namespace Larkspur.Emulator.Feishu.Tables;

/// <summary>Who wants to hear of changes of a file.</summary>
/// <param name="PersonId">With a user token: whose.</param>
internal sealed record FileSubscription(string FileToken, string AppId, string? PersonId);

/// <summary>The subscriptions in force, 10,000 at most.</summary>
internal sealed class FileSubscriptions : IResettableState
{
    private const int Most = 10_000;

    private readonly Lock _gate = new();
    private readonly HashSet<FileSubscription> _all = [];

    public IReadOnlyList<FileSubscription> Of(string fileToken) { lock (_gate) return [.. _all.Where(s => s.FileToken == fileToken)]; }

    public bool Has(FileSubscription one) { lock (_gate) return _all.Contains(one); }

    /// <returns>False: there are too many.</returns>
    public bool Add(FileSubscription one) { lock (_gate) return _all.Contains(one) || (_all.Count < Most && _all.Add(one)); }

    public bool Remove(FileSubscription one) { lock (_gate) return _all.Remove(one); }

    public void Reset() { lock (_gate) _all.Clear(); }
}

/// <summary>Subscribing to the events of a file; only bases send any here. Source: drive-v1/event/subscribe.</summary>
/// <remarks>For <c>file_type=bitable</c> single kinds of events cannot be chosen: <c>event_type</c> is 1069602.</remarks>
internal sealed class SubscriptionsApi(EmulatorState state, FileSubscriptions all) : IApiArea
{
    public void Register(ApiHandlers on)
    {
        on.Add("drive.v1.file.subscribe", r => all.Add(Named(r)) ? FeishuAnswer.Data() : throw r.Refuse(1069601));
        on.Add("drive.v1.file.get_subscribe", r => FeishuAnswer.Data(new JsonObject { ["is_subscribe"] = all.Has(Named(r)) }));
        on.Add("drive.v1.file.delete_subscribe", r => all.Remove(Named(r)) ? FeishuAnswer.Data() : throw r.Refuse(1069605));
    }

    /// <exception cref="ApiRefusedException">1069602 no kind of its own, 1069603 neither owner nor manager, 1069604 no such
    /// file.</exception>
    private FileSubscription Named(ApiRequest request)
    {
        var token = request.Path["file_token"];
        if (request.QueryText("event_type") is not null) throw request.Refuse(1069602);
        if (state.Document(token) is not { Deleted: false } file || file.Type != request.QueryText("file_type"))
            throw request.Refuse(1069604);
        if (DocumentRights.Of(state, file, TableAccess.Caller(request)) != "full_access") throw request.Refuse(1069603);
        return new FileSubscription(token, request.App.AppId, request.Caller?.UserId);
    }
}
