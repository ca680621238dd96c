using System.Collections.Generic;
using System.Linq;
using Larkspur.Feishu.ApiGenerator.Facts;
using Larkspur.Feishu.ApiGenerator.Names;

namespace Larkspur.Feishu.ApiGenerator.Writing;

/// <summary>Writes what one endpoint needs: its request record, its answer, its constant, its method.</summary>
internal sealed class CallWriter
{
    private readonly ApiCall _call;
    private readonly Endpoint _endpoint;
    private readonly List<Property> _inputs;
    private readonly List<Property>? _answer;
    private readonly TypeRef? _answerType;

    public CallWriter(ApiCall call, Shapes shapes)
    {
        _call = call;
        _endpoint = call.Endpoint;

        // The body keeps its plain names; a field of the same name elsewhere becomes TypeInQuery, IdInPath or LocaleInHeader.
        var names = Shapes.MemberNames(call.RequestType);
        var body = shapes.Properties(_endpoint.Body, true, call.Stem, FieldPlace.Body, names);
        _inputs = shapes.Properties(_endpoint.PathParameters, true, call.Stem, FieldPlace.Path, names)
            .Concat(shapes.Properties(_endpoint.Query, true, call.Stem, FieldPlace.Query, names))
            .Concat(shapes.Properties(_endpoint.Headers, true, call.Stem, FieldPlace.Header, names))
            .Concat(body).ToList();

        if (_endpoint.AnswerFields.Count == 0) return;
        if (_endpoint.AnswerTypeName is { } typeName)
        {
            _answerType = shapes.RecordOf(_endpoint.AnswerFields, typeName, typeName, false, call.Stem);
        }
        else
        {
            _answer = shapes.Properties(_endpoint.AnswerFields, false, call.Stem, FieldPlace.Body, Shapes.MemberNames(call.ResponseType));
            _answerType = TypeRef.Of("global::" + call.Node.Namespace + "." + call.ResponseType, TypeKind.Json);
        }
    }

    /// <summary>Request and answer records.</summary>
    public void WriteRecords(Code code)
    {
        if (_endpoint.HasInput)
        {
            code.Line("/// <summary>Input of <c>" + _call.Node.Path + "." + _call.MethodName + "</c>.</summary>");
            Shapes.WriteRecord(code, _call.RequestType, _inputs, isForm: _endpoint.IsForm);
            WriteToCall(code);
        }

        if (_answer is null) return;
        code.Line("/// <summary>Answer of <c>" + _call.Node.Path + "." + _call.MethodName + "</c>.</summary>");
        Shapes.WriteRecord(code, _call.ResponseType, _answer);
    }

    /// <summary>The endpoint constant.</summary>
    public void WriteEndpoint(Code code)
    {
        var facts = new List<string>
        {
            "Id = " + Code.Literal(_endpoint.Id),
            "Method = global::System.Net.Http.HttpMethod." + Words.Pascal(_endpoint.Method),
            "Path = " + Code.Literal(_endpoint.Path),
            "Tokens = " + Tokens(),
        };
        if (_endpoint.Host is { } host) facts.Add("Host = global::Larkspur.Feishu.FeishuHost." + Host(host));
        if (_endpoint.PerSecond is { } second) facts.Add("PerSecond = " + second);
        if (_endpoint.PerMinute is { } minute) facts.Add("PerMinute = " + minute);
        if (_endpoint.IdempotencyField is { } field) facts.Add("IdempotencyField = " + Code.Literal(field));
        if (_endpoint.Answer is AnswerKind.Flat or AnswerKind.Binary) facts.Add("Answer = global::Larkspur.Feishu.FeishuAnswer." + _endpoint.Answer);

        code.Line("/// <summary><c>" + Docs.Escape(_endpoint.Method + " " + _endpoint.Path) + "</c></summary>");
        code.Line("public static readonly global::Larkspur.Feishu.FeishuEndpoint " + _call.Stem + " = new() { " + string.Join(", ", facts) + " };");
    }

    /// <summary>The line of <c>FeishuCatalogue</c>.</summary>
    public void WriteCatalogueEntry(Code code)
        => code.Line("new(Endpoints." + _call.Stem + ", " + Code.Literal(_call.Node.Path + "." + _call.MethodName) + ", " + Code.Literal(string.Join(" ", _endpoint.Scopes))
            + ", " + (_endpoint.Deprecated ? "true" : "false") + ", " + (_endpoint.Source is null ? "true" : "false") + "),");

    /// <summary>The method, and its paging companion.</summary>
    public void WriteMethods(Code code)
    {
        Docs.Write(code, _endpoint);
        Obsolete(code);
        if (_endpoint.Answer == AnswerKind.Redirect)
        {
            code.Line("public global::System.Uri " + _call.MethodName + "(" + RequestParameter(false) + ")");
            code.Indented("=> global::Larkspur.Feishu.Api.BrowserAddress.Of(_client.Options, " + ToCall() + ");");
            return;
        }

        var (task, send) = _endpoint.Answer == AnswerKind.Binary ? ("global::System.Threading.Tasks.Task<global::Larkspur.Feishu.FeishuDownload>", "DownloadAsync")
            : _answerType is null ? ("global::System.Threading.Tasks.Task", "SendAsync")
            : ("global::System.Threading.Tasks.Task<" + _answerType.Name + ">", "SendAsync<" + _answerType.Name + ">");
        code.Line("public " + task + " " + _call.MethodName + "(" + RequestParameter(true) + CommonParameters + ")");
        code.Indented("=> _client." + send + "(" + ToCall() + ", options, cancellationToken);");

        if (_answerType is not null && Paging.Of(_endpoint, _inputs, Answers()) is { } paging) WritePaging(code, paging);
    }

    private const string CommonParameters =
        "global::Larkspur.Feishu.FeishuCallOptions? options = null, global::System.Threading.CancellationToken cancellationToken = default";

    private bool MustBeGiven => _inputs.Any(input => input.Required);

    private List<Property> Answers() => _answer ?? new List<Property>();

    private void WritePaging(Code code, Paging paging)
    {
        var name = _call.MethodName.Substring(0, _call.MethodName.Length - "Async".Length) + (paging.Items is null ? "Pages" : "All") + "Async";
        var what = paging.Items is null ? "page" : "item of <c>" + Docs.Escape(paging.Items.Field.Name) + "</c>";
        code.Line("");
        code.Line("/// <summary>Every " + what + " of <see cref=\"" + _call.MethodName + "\"/>, from the request's page token on; each page is one call.</summary>");
        Obsolete(code);

        var page = _answerType!.Name;
        var item = paging.Items?.Type.Item!.Name ?? page;
        code.Open("public global::System.Collections.Generic.IAsyncEnumerable<" + item + "> " + name + "(" + RequestParameter(true) + CommonParameters + ")");
        code.Line("var api = this;");
        code.Line("return global::Larkspur.Feishu.Api.PageWalk." + (paging.Items is null ? "Pages(" : "Items("));
        code.Indented((MustBeGiven ? "request" : "request ?? new()") + ",");
        code.Indented("(ask, cancel) => api." + _call.MethodName + "(ask, options, cancel),");
        code.Indented("static (ask, token) => ask with { " + paging.Ask.Name + " = token },");
        code.Indented("static page => page." + paging.Next.Name + ",");
        code.Indented("static page => " + (paging.More is null ? "null" : "page." + paging.More.Name) + ",");
        if (paging.Items is not null) code.Indented("static page => page." + paging.Items.Name + ",");
        code.Indented("cancellationToken);");
        code.Close();
    }

    private void WriteToCall(Code code)
    {
        code.Open("public sealed partial record " + _call.RequestType);
        code.Open("internal global::Larkspur.Feishu.FeishuRequest ToCall()");
        var key = _endpoint.IdempotencyField is { } name ? _inputs.First(input => input.Field.Name == name && input.Place != FieldPlace.Path) : null;
        var parts = new List<string>();
        if (_endpoint.Body.Count > 0) parts.Add("Body = " + (_endpoint.IsForm ? "Form()" : "this"));
        if (key is not null) parts.Add("IdempotencyKey = " + key.Name);
        code.Line("var call = new global::Larkspur.Feishu.FeishuRequest(" + _call.EndpointConstant + ")" + (parts.Count == 0 ? "" : " { " + string.Join(", ", parts) + " }") + ";");
        foreach (var input in _inputs.Where(input => input.Place != FieldPlace.Body))
        {
            var wire = Code.Literal(input.Field.Name);
            if (input.Type.Kind == TypeKind.List) code.Line("global::Larkspur.Feishu.Api.Wire.Query(call, " + wire + ", " + input.Name + ");");
            else code.Line("call.With" + input.Place + "(" + wire + ", " + TextOf(input) + ");");
        }

        code.Line("return call;");
        code.Close();
        if (_endpoint.IsForm) WriteForm(code);
        code.Close();
    }

    private void WriteForm(Code code)
    {
        code.Line("");
        code.Line("private global::Larkspur.Feishu.FeishuForm Form() => new global::Larkspur.Feishu.FeishuForm { Multipart = " + (_endpoint.IsMultipart ? "true" : "false") + " }");
        var fields = _inputs.Where(input => input.Place == FieldPlace.Body)
            .Select(input => ".With(" + Code.Literal(input.Field.Name) + ", " + (input.Type.Kind == TypeKind.File ? input.Name : TextOf(input)) + ")").ToArray();
        for (var i = 0; i < fields.Length; i++) code.Indented(fields[i] + (i == fields.Length - 1 ? ";" : ""));
    }

    private static string TextOf(Property input) => input.Type.Kind switch
    {
        TypeKind.Text => input.Name,
        TypeKind.Enum => input.Name + (input.Required ? ".Value" : "?.Value"),
        TypeKind.Number or TypeKind.Boolean => "global::Larkspur.Feishu.Api.Wire.Text(" + input.Name + ")",
        _ => "global::Larkspur.Feishu.Api.Wire.Json(" + input.Name + ")",
    };

    private string RequestParameter(bool more)
    {
        if (!_endpoint.HasInput) return "";
        var type = "global::" + _call.Node.Namespace + "." + _call.RequestType;
        return (MustBeGiven ? type + " request" : type + "? request = null") + (more ? ", " : "");
    }

    private string ToCall()
    {
        if (!_endpoint.HasInput) return "new global::Larkspur.Feishu.FeishuRequest(" + _call.EndpointConstant + ")";
        return MustBeGiven ? "global::Larkspur.Feishu.Api.Wire.Given(request).ToCall()" : "(request ?? new()).ToCall()";
    }

    private void Obsolete(Code code)
    {
        if (_endpoint.Deprecated) code.Line("[global::System.Obsolete(\"The platform documents " + _endpoint.Id + " as historic; look for its successor before building on it.\")]");
    }

    private string Tokens()
    {
        const string Kinds = "global::Larkspur.Feishu.FeishuTokenKinds.";
        if (_endpoint.NoAuth) return Kinds + "None";
        var kinds = _endpoint.Tokens.Length == 0 ? new[] { "tenant", "user" } : _endpoint.Tokens;
        return string.Join(" | ", kinds.Select(kind => Kinds + Words.Pascal(kind)));
    }

    private static string Host(string host) => host switch
    {
        "accounts.feishu.cn" => "Accounts",
        "passport.feishu.cn" => "Passport",
        "www.feishu.cn" => "Approval",
        _ => throw new System.NotSupportedException("Unknown host " + host + "."),
    };
}
