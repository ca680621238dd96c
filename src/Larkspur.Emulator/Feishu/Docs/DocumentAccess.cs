using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Documents;

namespace Larkspur.Emulator.Feishu.Docs;

/// <summary>The document that a call names, when the caller may do what it asks for.</summary>
internal static class DocumentAccess
{
    /// <summary>A <c>user_id</c> with a user's token, else the <c>app_id</c>.</summary>
    public static string Caller(ApiRequest request) => request.Caller?.UserId ?? request.App.AppId;

    /// <exception cref="ApiRefusedException">1770002 not found, 1770003 deleted, 1770032 forbidden.</exception>
    public static CloudDocument Readable(EmulatorState state, ApiRequest request)
    {
        if (state.Document(request.Path["document_id"]) is not { Type: "docx" } document) throw request.Refuse(1770002);
        if (document.Deleted) throw request.Refuse(1770003);
        return DocumentRights.Of(state, document, Caller(request)) is null ? throw request.Refuse(1770032) : document;
    }

    /// <inheritdoc cref="Readable"/>
    public static CloudDocument Writable(EmulatorState state, ApiRequest request)
    {
        var document = Readable(state, request);
        return DocumentRights.Of(state, document, Caller(request)) is "edit" or "full_access" ? document : throw request.Refuse(1770032);
    }

    /// <summary>The file behind a token and a type, as the permission calls name it: a wiki's node stands for what hangs on it.</summary>
    /// <returns>The file, and the node when one was named; null: token and type fit nothing.</returns>
    public static (CloudDocument Document, WikiNode? Node)? Find(EmulatorState state, string token, string type)
    {
        if (type != "wiki") return state.Document(token) is { } document && document.Type == type ? (document, null) : null;
        if (state.WikiNode(token) is not { } node || Origin(state, node) is not { } origin || state.Document(origin.ObjToken) is not { } file) return null;
        return (file, node);
    }

    /// <summary>The node that holds the document: the node itself, or what a shortcut leads to.</summary>
    public static WikiNode? Origin(EmulatorState state, WikiNode node) => node.OriginNodeToken is null ? node : state.WikiNode(node.OriginNodeToken) is { OriginNodeToken: null } origin ? origin : null;
}
