using System.Text.Encodings.Web;

namespace Larkspur.Emulator.Web.SignIn;

/// <summary>How the pages of signing in look, in the language and colours that the browser asks for.</summary>
/// <remarks>Whatever comes from outside is text.</remarks>
/// <param name="theme">Light or dark where the address says it in words of its own; <see langword="null"/>: as on every page.</param>
internal sealed class SignInLook(HttpRequest request, SignInBrand brand, string? theme = null)
{
    private const string Style = """
        *{box-sizing:border-box}:root{color-scheme:light dark}:root[data-theme=light]{color-scheme:light}
        :root[data-theme=dark]{color-scheme:dark}
        body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px 16px;background:light-dark(#f5f5f9,#12121a);
            color:light-dark(#1d1d2b,#ececf4);font:15px/1.5 system-ui,"PingFang SC","Noto Sans CJK SC",sans-serif}
        main{width:100%;max-width:420px;padding:28px 28px 24px;border-radius:12px;background:light-dark(#fff,#1b1b26);
            box-shadow:0 1px 2px #0b1a3312,0 12px 40px #0b1a3314}
        header{display:flex;align-items:center;gap:10px;margin-bottom:20px;color:var(--title);font-weight:600}
        header i{display:grid;place-items:center;width:30px;height:30px;border-radius:9px;
            background:var(--mark);color:#fff;font-style:normal;font-size:16px}
        h1{margin:0 0 4px;font-size:21px;line-height:1.35;overflow-wrap:anywhere}h2{margin:18px 0 6px;font-size:14px}
        p{margin:0 0 18px;color:light-dark(#545468,#b4b4c8);font-size:14px;overflow-wrap:anywhere}
        fieldset{margin:0;padding:0;border:0}legend{padding:0;margin-bottom:8px;font-size:14px;font-weight:600}
        .people{display:grid;gap:8px;max-height:46vh;overflow:auto}
        label{display:flex;align-items:center;gap:12px;padding:10px 12px;border:1px solid light-dark(#e2e2ec,#2d2d3d);border-radius:12px;
            cursor:pointer}
        label:hover,label:has(:checked){border-color:var(--accent);background:light-dark(#f2f6ff,#22222f)}
        label input{flex:none;width:18px;height:18px;margin:0;accent-color:var(--accent)}
        label b{flex:none;display:grid;place-items:center;width:38px;height:38px;border-radius:10px;background:var(--button);
            color:#fff;font-size:14px}
        label span{min-width:0;display:grid}
        small{color:light-dark(#6f6f84,#9494aa);font-size:12.5px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
        ul{margin:0;padding-left:20px;font-size:13px;color:light-dark(#545468,#b4b4c8);max-height:22vh;overflow:auto}
        code{font:12.5px ui-monospace,Menlo,monospace;overflow-wrap:anywhere}
        input[type=text]{width:100%;margin-top:8px;padding:10px 12px;border:1px solid light-dark(#c9c9d9,#45455b);border-radius:10px;
            background:transparent;color:inherit;font:inherit}
        .choice{display:grid;grid-template-columns:1fr 1fr;gap:10px;margin-top:22px}
        .choice.one{grid-template-columns:1fr}label.plain{margin-top:12px}
        button{min-height:44px;padding:10px;border:1px solid var(--button);border-radius:10px;background:var(--button);color:#fff;
            font:inherit;font-weight:600;cursor:pointer}
        button:hover{background:var(--pressed)}
        button.quiet{background:transparent;border-color:light-dark(#c9c9d9,#45455b);color:inherit}
        button.quiet:hover{background:light-dark(#f0f0f6,#22222f)}
        :focus-visible{outline:2px solid var(--accent);outline-offset:2px}
        .square{min-height:0;padding:0;display:block;font-size:13px}
        .square main{max-width:250px;height:250px;padding:12px;overflow:auto}
        .square main{border-radius:0;box-shadow:none}.square h1{font-size:14px;margin-bottom:8px}
        .square button{width:100%;min-height:36px;margin-bottom:6px;padding:6px}
        .panel{min-height:0;padding:0;display:block}.panel main{max-width:none;height:100vh;padding:16px;border-radius:0;box-shadow:none;
            display:flex;flex-direction:column;overflow:auto}.panel h1{font-size:17px}.panel p{margin-bottom:10px;font-size:13px}
        .panel form,.panel fieldset{flex:1;min-height:0;display:flex;flex-direction:column}
        .panel .people{max-height:none;flex:1;min-height:96px;align-content:start}
        .panel label{padding:7px 10px}.panel label b{width:32px;height:32px}.panel .choice{margin-top:12px}
        @media(max-height:340px){.panel main{padding:12px}.panel h1+p{display:none}.panel fieldset{margin-top:6px}
            .panel .people{gap:5px}.panel label{padding:3px 10px}.panel button{min-height:36px;padding:6px}}
        """;

    private readonly bool _chinese = Texts.Choose(request).Code == "zh";

    public string Say(string zh, string en) => _chinese ? zh : en;

    public string NameOf(Person person) => Localised(person.Name, person.EnName);

    public string NameOf(BotApp app) => Localised(app.Name, app.EnName);

    public string Describe(Person person) =>
        person.TenantKey ?? (person.IsResigned ? Say("已离职", "has left") : _chinese && person.JobTitle.Length > 0 ? person.JobTitle
            : person.Email.Length > 0 ? person.Email : person.PresentUserId);

    /// <summary>Of a Chinese name the last two characters, as the client draws it; else the first.</summary>
    public static string Initial(string name) => name.Length == 0 ? "?" : name[0] > 0x2e80 ? name[^Math.Min(2, name.Length)..] : name[..1];

    public static string Text(string? text) => HtmlEncoder.Default.Encode(text ?? "");

    /// <summary>An error page of the platform: its code, and a sentence.</summary>
    public ApiAnswer Problem(PageProblem problem, PageShape shape = PageShape.Page) =>
        Page(Say(problem), StatusCodes.Status400BadRequest, shape);

    /// <summary>The same, for within a page.</summary>
    public string Say(PageProblem problem) =>
        $"<h1>{Say("无法登录", "This sign-in cannot go on")}</h1><p role=\"alert\">{Text(Say(problem.Zh, problem.En))}</p>"
        + (problem.Code is { } code ? $"<p>{Say("错误码", "Error code")} <code>{code}</code></p>" : "");

    /// <param name="body">Of text that is encoded already.</param>
    /// <param name="shape">Where it is shown.</param>
    /// <param name="nonce">Of the one script that the page has; <see langword="null"/>: it has none.</param>
    public ApiAnswer Page(string body, int status = StatusCodes.Status200OK, PageShape shape = PageShape.Page,
        string? nonce = null)
    {
        var html = $"<!doctype html><html lang=\"{(_chinese ? "zh-CN" : "en")}\" data-theme=\"{theme ?? Theme.Of(request)}\">"
            + "<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
            + $"<title>{Say($"{brand.Zh}登录", $"{brand.En} sign-in")}</title><style>{brand.Colours}{Style}</style></head>"
            + $"<body class=\"{shape.ToString().ToLowerInvariant()}\"><main>" + (shape == PageShape.Page
                ? $"<header><i aria-hidden=\"true\">{brand.Mark}</i>{Say($"模拟{brand.Zh}", $"Emulated {brand.En}")}</header>" : "")
            + $"{body}</main></body></html>";
        // The answer to the form leads to the app, and from there on to anywhere: browsers hold every step against form-action.
        var policy = "default-src 'none'; style-src 'unsafe-inline'; form-action http: https:; base-uri 'none'; frame-ancestors "
            + (shape == PageShape.Page ? "'none'" : "http: https:") + (nonce is null ? "" : $"; script-src 'nonce-{nonce}'")
            // The script of a panel asks its own page.
            + (shape == PageShape.Panel ? "; connect-src 'self'" : "");
        return new ApiAnswer
        {
            Status = status, ContentType = "text/html; charset=utf-8", Bytes = System.Text.Encoding.UTF8.GetBytes(html),
            Headers = new Dictionary<string, string>(Quiet)
            {
                ["Content-Security-Policy"] = policy, ["X-Content-Type-Options"] = "nosniff",
            },
        };
    }

    /// <summary>Of every answer around signing in: nothing of it is kept or told on.</summary>
    public static IReadOnlyDictionary<string, string> Quiet { get; } =
        new Dictionary<string, string> { ["Cache-Control"] = "no-store", ["Referrer-Policy"] = "no-referrer" };

    /// <summary>Of somebody, as the form names them.</summary>
    public static string ValueOf(Person person) => person.IsGuest ? person.UserId : person.PresentUserId;

    private string Localised(string name, string english) => _chinese || english.Length == 0 ? name : english;
}
