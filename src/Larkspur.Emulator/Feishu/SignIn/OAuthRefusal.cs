using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.SignIn;

/// <summary>How a token endpoint of OAuth says no: flat, with the platform's code beside the standard's word.</summary>
/// <remarks>Which word belongs to which code is UNVERIFIED, but for <c>server_error</c>.</remarks>
internal static class OAuthRefusal
{
    public const long Missing = 20001;
    public const long Malformed = 20063;

    /// <summary>Codes that the catalogue's pages of the endpoint do not name, in the words of those that do.</summary>
    private static readonly Dictionary<long, string> Others = new()
    {
        [20023] = "The user is not registered.",
        [20074] = "The specified app is not allowed to refresh token.",
    };

    public static ApiRefusedException Of(ApiRequest request, long code)
    {
        var known = request.Endpoint.Errors.GetValueOrDefault(code);
        return new ApiRefusedException(known?.Http ?? StatusCodes.Status400BadRequest, code,
            known?.Message ?? Others.GetValueOrDefault(code, "The request is refused."));
    }

    public static ApiAnswer Flat(ApiRefusedException refusal)
    {
        var body = refusal.OAuthWord is null ? new JsonObject { ["code"] = refusal.Code } : [];
        (body["error"], body["error_description"]) = (refusal.OAuthWord ?? Word(refusal.Code), refusal.Message);
        return new ApiAnswer
        {
            Status = refusal.Status, Json = body,
            Headers = new Dictionary<string, string>(refusal.Headers) { ["Cache-Control"] = "no-store" },
        };
    }

    private static string Word(long code) => code switch
    {
        20002 or 20048 or 20070 => "invalid_client",
        20009 or 20010 or 20069 or 20074 => "unauthorized_client",
        20036 => "unsupported_grant_type",
        20067 or 20068 => "invalid_scope",
        20050 or 5000 => "server_error",
        20072 or 99991400 => "temporarily_unavailable",
        20003 or 20004 or 20008 or 20024 or 20026 or 20037 or 20049 or 20064 or 20065 or 20066 or 20071 or 20073 => "invalid_grant",
        _ => "invalid_request",
    };
}
