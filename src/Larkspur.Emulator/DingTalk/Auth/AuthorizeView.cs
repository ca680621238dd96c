using System.Text;
using System.Text.Encodings.Web;
using Larkspur.Emulator.Web;
using Microsoft.AspNetCore.WebUtilities;

namespace Larkspur.Emulator.DingTalk.Auth;

/// <summary>How the sign-in page looks: no script, and whatever the address carries is text.</summary>
internal sealed class AuthorizeView(HttpRequest request, bool chinese)
{
    private const string Style = """
        *{box-sizing:border-box}:root{color-scheme:light dark}:root[data-theme=light]{color-scheme:light}
        :root[data-theme=dark]{color-scheme:dark}
        body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px 16px;background:light-dark(#f5f5f9,#12121a);
            color:light-dark(#1d1d2b,#ececf4);font:15px/1.5 system-ui,"PingFang SC","Noto Sans CJK SC",sans-serif}
        main{width:100%;max-width:400px;padding:28px 28px 22px;border-radius:12px;background:light-dark(#fff,#1b1b26);
            box-shadow:0 1px 2px #0b1a3312,0 12px 40px #0b1a3314}
        header{display:flex;align-items:center;gap:10px;margin-bottom:20px;color:light-dark(#0072d6,#6cb2ff);font-weight:600}
        header i{display:grid;place-items:center;width:30px;height:30px;border-radius:9px;
            background:linear-gradient(145deg,#3aa5ff,#0072e5);color:#fff;font-style:normal;font-size:16px}
        h1{margin:0 0 4px;font-size:21px;line-height:1.35}
        p{margin:0 0 18px;color:light-dark(#545468,#b4b4c8);font-size:14px;overflow-wrap:anywhere}
        ul{list-style:none;margin:0;padding:0;display:grid;gap:8px}
        li a{display:flex;align-items:center;gap:12px;padding:10px 12px;border:1px solid light-dark(#e2e2ec,#2d2d3d);border-radius:12px;
            color:inherit;text-decoration:none}
        li a:hover{border-color:#0089ff;background:light-dark(#f2f8ff,#22222f)}
        li b{flex:none;display:grid;place-items:center;width:38px;height:38px;border-radius:10px;
            background:#0068d6;color:#fff;font-size:14px}
        li span{min-width:0;display:grid}
        li small{color:light-dark(#6f6f84,#9494aa);font-size:12.5px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
        input[type=text]{width:100%;padding:10px 12px;border:1px solid light-dark(#c9c9d9,#45455b);border-radius:10px;font:inherit}
        button{width:100%;margin-top:12px;padding:10px;border:0;border-radius:10px;background:#0068d6;color:#fff;
            font:inherit;font-weight:600;cursor:pointer}
        button:hover{background:#0057b5}footer{margin-top:18px;text-align:center;font-size:14px}
        footer a{color:light-dark(#545468,#b4b4c8)}:focus-visible{outline:2px solid #007fff;outline-offset:2px}
        """;

    public string Choice(IReadOnlyList<Person> people, AuthorizeRequest asked)
    {
        var body = new StringBuilder($"<h1>{Say("以谁的身份登录？", "Who is signing in?")}</h1><p>{Say("登录后将返回", "Afterwards you return to")} {Text(asked.RedirectUri.Authority)}</p>");
        if (people.Count == 0) body.Append($"<p role=\"alert\">{Say("没有人管理这个组织。", "Nobody manages an organisation here.")}</p>");
        body.Append("<ul>");
        foreach (var person in people)
        {
            var name = chinese || person.EnName.Length == 0 ? person.Name : person.EnName;
            var (id, detail) = (Text(person.PresentUserId), Text(chinese ? person.JobTitle : person.Email));
            body.Append($"<li><a data-person=\"{id}\" href=\"{Text(With("as", person.PresentUserId))}\">");
            body.Append($"<b aria-hidden=\"true\">{Text(Initial(name))}</b>");
            body.Append($"<span>{Text(name)}<small>{detail}</small></span></a></li>");
        }

        return Page(body.Append($"</ul><footer><a data-deny href=\"{Text(With("deny", "true"))}\">{Say("拒绝授权", "Refuse")}</a></footer>").ToString());
    }

    /// <summary>The organisation's code, which exclusive accounts begin with.</summary>
    public string Organisation()
    {
        var body = new StringBuilder($"<h1>{Say("专属帐号登录", "Exclusive account")}</h1><p>{Say("请输入组织代码。", "Enter the code of your organisation.")}</p><form method=\"get\" action=\"{Text(request.Path)}\">");
        foreach (var (name, values) in request.Query.Where(q => q.Key != "exclusiveCorpId"))
        {
            body.Append($"<input type=\"hidden\" name=\"{Text(name)}\" value=\"{Text(values.ToString())}\">");
        }

        return Page(body.Append($"<input type=\"text\" name=\"exclusiveCorpId\" required maxlength=\"64\" autocomplete=\"off\" aria-label=\"{Say("组织代码", "Code of the organisation")}\"><button>{Say("继续", "Continue")}</button></form>").ToString());
    }

    public string Problem(string why) => Page($"<h1>{Say("无法登录", "This sign-in cannot go on")}</h1><p role=\"alert\">{Text(why)}</p>");

    private string Page(string body) =>
        $"<!doctype html><html lang=\"{(chinese ? "zh-CN" : "en")}\" data-theme=\"{Theme.Of(request)}\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
            + $"<title>{Say("钉钉登录", "DingTalk sign-in")}</title><style>{Style}</style>"
        + $"<main><header><i aria-hidden=\"true\">钉</i>{Say("模拟钉钉", "Emulated DingTalk")}</header>{body}</main></html>";

    private string With(string name, string value) => QueryHelpers.AddQueryString(request.PathBase + request.Path + request.QueryString, name, value);

    private string Say(string zh, string en) => chinese ? zh : en;

    /// <summary>Of a Chinese name the last two characters, as the client draws it; else the first.</summary>
    private static string Initial(string name) => name.Length == 0 ? "?" : name[0] > 0x2e80 ? name[^Math.Min(2, name.Length)..] : name[..1];

    private static string Text(string? text) => HtmlEncoder.Default.Encode(text ?? "");
}
