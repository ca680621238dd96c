using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Api.Wiki.V2;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Tables.Refusals;

namespace Larkspur.Gateway.Tables.Bases;

/// <summary>Looks at a base before it is opened: that it is there, and that its app may see it.</summary>
internal sealed class BaseTrial(BaseAccess access, PlatformCalls calls)
{
    private const string Pointer = "/token";

    /// <summary>Looks at it.</summary>
    /// <returns>The base's token, and what the platform calls it.</returns>
    /// <exception cref="RequestRefusedException">It is no base.</exception>
    /// <exception cref="FeishuApiException">The platform says no.</exception>
    public async Task<(string Token, string Title)> LookAsync(FeishuApp app, BaseAddress address, CancellationToken cancellation)
    {
        var token = address.IsWiki ? await OfWikiAsync(app, address.Token, cancellation) : address.Token;
        try
        {
            return (token, (await access.Open(app, token).GetAsync(cancellation)).Name);
        }
        catch (FeishuApiException e) when (TableRefusals.Of(e) is { } known)
        {
            throw new TableRefusedException(e, known with { Pointer = Pointer });
        }
    }

    private async Task<string> OfWikiAsync(FeishuApp app, string page, CancellationToken cancellation)
    {
        JsonElement answer;
        try
        {
            answer = await app.Client.SendAsync<JsonElement>(new FeishuRequest(Endpoints.SpaceGetNode).WithQuery("token", page),
                calls.Call(app, Endpoints.SpaceGetNode), cancellation);
        }
        catch (FeishuApiException e) when (e.Code is 131002 or 131005)
        {
            throw RequestRefusedException.Impossible("unknown_base", Pointer, TablesTexts.NoWikiPage);
        }
        catch (FeishuApiException e) when (e.Code == 131006)
        {
            throw RequestRefusedException.Impossible("base_not_shared", Pointer, TablesTexts.WikiNotShared(app.Name));
        }

        var node = answer.TryGetProperty("node", out var found) ? found : default;
        return Text(node, "obj_type") == "bitable" && Text(node, "obj_token") is { Length: > 0 } token ? token
            : throw RequestRefusedException.Impossible("unknown_base", Pointer, TablesTexts.WikiPageIsNoBase);
    }

    private static string? Text(JsonElement node, string member) => node.ValueKind == JsonValueKind.Object
        && node.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
