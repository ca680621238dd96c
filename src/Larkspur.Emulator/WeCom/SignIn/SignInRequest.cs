using System.Text.RegularExpressions;
using Larkspur.Emulator.Web.SignIn;

namespace Larkspur.Emulator.WeCom.SignIn;

/// <summary>Which of the platform's pages it is. Each has a host of its own there.</summary>
internal enum SignInPage
{
    /// <summary><c>open.weixin.qq.com</c>: for pages inside the client.</summary>
    Client,
    /// <summary><c>login.work.weixin.qq.com</c>: for browsers, alone or as a panel in an app's page.</summary>
    Web,
    /// <summary><c>open.work.weixin.qq.com</c>: the QR code from before that.</summary>
    Qr,
}

/// <summary>What an application asks a sign-in page for.</summary>
/// <param name="AsksForDetails">The person is asked to show more of themselves than who they are.</param>
internal sealed partial record SignInRequest(SignInPage Page, Uri Back, string State, bool AsksForDetails)
{
    private const int WrongDomain = 50001;

    private static readonly string[] Single =
        ["appid", "agentid", "redirect_uri", "response_type", "scope", "state", "login_type", "redirect_type"];

    /// <returns>What is wrong with the address, in the page's words; <see langword="null"/> when nothing is.</returns>
    /// <remarks>The negative codes are those that a panel tells the page around it.</remarks>
    public static PageProblem? Read(
        IQueryCollection query, SignInPage page, WeComSettings settings, SignInRules rules, out SignInRequest request)
    {
        request = new(page, new Uri("about:blank"), query["state"].ToString(), false);
        if (Single.FirstOrDefault(name => query[name].Count > 1) is { } twice)
            return new(null, $"参数 {twice} 重复。", $"{twice} is given twice.");
        if (page == SignInPage.Web && WebProblem(query, settings, rules) is { } wrong) return wrong;
        if (page != SignInPage.Web && query["appid"] != settings.CorpId)
            return new(null, "appid 不是该企业的 CorpID。", "appid is not the corp's id.");
        if (page == SignInPage.Qr && query["agentid"] != Agent(settings)) return NoAgent(null);
        if (page == SignInPage.Client && ClientProblem(query, settings, out request, request) is { } refused) return refused;
        if (!StateForm().IsMatch(request.State))
            return new(null, "state 最多 128 个字母和数字。", "state holds at most 128 letters and digits.");
        var given = query["redirect_uri"].ToString();
        if (given.Length == 0) return new(page == SignInPage.Web ? -31035 : WrongDomain, "redirect_uri 为空。", "redirect_uri is empty.");
        if (!Uri.TryCreate(given, UriKind.Absolute, out var back) || back.Scheme is not ("http" or "https"))
            return new(page == SignInPage.Web ? -31020 : WrongDomain, "redirect_uri参数错误。", "redirect_uri is no web address.");
        request = request with { Back = back };
        if (page != SignInPage.Client && !rules.IsCallback(back))
            return new(-31020, "redirect_uri 与授权回调域不一致。",
                $"The host of redirect_uri with its port is not the callback domain: {back.Authority}");
        return rules.IsTrusted(back) ? null : new(page == SignInPage.Web ? -31039 : WrongDomain,
            "redirect_uri参数错误：域名不是可信域名。", $"The host of redirect_uri with its port is not among the trusted domains: {back.Authority}");
    }

    private static PageProblem? WebProblem(
        IQueryCollection query, WeComSettings settings, SignInRules rules) => query["login_type"].ToString() switch
    {
        // Nobody provides applications to this corp.
        "ServiceApp" => new(-31034, "服务商不存在。", "There is no provider of this suite."),
        not "CorpApp" => new(-31040, "login_type 错误。", "login_type must be CorpApp or ServiceApp."),
        _ when query["appid"] != settings.CorpId => new(-31027, "appid 错误。", "appid is not the corp's id."),
        _ when query["agentid"] != Agent(settings) => NoAgent(-31028),
        _ => rules.WebLogin ? null : new(-31037, "未启用网页登录。", "Login in a browser is switched off."),
    };

    private static PageProblem? ClientProblem(IQueryCollection query, WeComSettings settings, out SignInRequest read, SignInRequest request)
    {
        read = request;
        if (query["response_type"] != "code") return new(null, "response_type 必须为 code。", "response_type must be code.");
        var scope = query["scope"].ToString();
        if (scope is not ("snsapi_base" or "snsapi_privateinfo"))
            return new(null, "scope 必须为 snsapi_base 或 snsapi_privateinfo。", "scope must be snsapi_base or snsapi_privateinfo.");
        var agent = query["agentid"].ToString();
        if (agent.Length > 0 && agent != Agent(settings)) return NoAgent(null);
        // Without an agentid nobody is asked for more: the platform does not say so.
        read = request with { AsksForDetails = scope == "snsapi_privateinfo" && agent.Length > 0 };
        return null;
    }

    private static string Agent(WeComSettings settings) => $"{settings.AgentId}";

    private static PageProblem NoAgent(int? code) => new(code, "agentid 错误。", "agentid is not the application's.");

    [GeneratedRegex(@"\A[0-9A-Za-z]{0,128}\z")]
    private static partial Regex StateForm();
}
