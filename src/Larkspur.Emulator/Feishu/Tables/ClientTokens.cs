using System.Text.RegularExpressions;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Tables;

/// <summary>A <c>client_token</c> makes a create happen once: the first answer is given again, with its ids.</summary>
/// <remarks>For how long, and that the answer is repeated at all, is UNVERIFIED: see <see cref="TableRules.ClientTokenMinutes"/>.</remarks>
internal sealed partial class ClientTokens(CurrentTableRules rules, IdempotencyKeys done)
{
    /// <exception cref="ApiRefusedException">1254037: no uuid of version 4; 1255006: the token is another call's, or its call still
    /// runs.</exception>
    public ApiAnswer Run(ApiRequest request, Func<ApiAnswer> run)
    {
        if (request.QueryText("client_token") is not { } token) return run();
        if (!UuidV4().IsMatch(token)) throw request.Refuse(1254037);
        if (rules.Now.ClientTokenMinutes is 0) return run();
        var call = WireIds.Hash("call", $"{request.Http.Path}/{request.Body.ToJsonString()}");
        return done.Run($"{request.App.AppId}/client_token/{request.Path["app_token"]}/{token}",
            TimeSpan.FromMinutes(rules.Now.ClientTokenMinutes), run, () => request.Refuse(1255006), call);
    }

    [GeneratedRegex(@"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}\z")]
    private static partial Regex UuidV4();
}
