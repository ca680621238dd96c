using System;
using System.Collections.Generic;
using System.Linq;
using Larkspur.Feishu.ApiGenerator.Facts;

namespace Larkspur.Feishu.ApiGenerator.Names;

/// <summary>A step of <c>feishu.Im.V1.Message</c>: a service, a version of it, or a resource.</summary>
internal sealed class ApiNode
{
    public const string RootNamespace = "Larkspur.Feishu.Api";

    private readonly List<ApiNode> _children = new();
    private readonly List<ApiCall> _calls = new();
    private readonly NameScope _members = new("Equals", "GetHashCode", "GetType", "ToString");

    private ApiNode(ApiNode? parent, string segment, string name)
    {
        Parent = parent;
        Segment = segment;
        Name = name;
        IsVersion = parent?.Parent is { Parent: null } && CallPath.IsVersion(segment);
        Namespace = parent is null ? RootNamespace
            : parent.Parent is null || IsVersion ? parent.Namespace + "." + name
            : parent.Namespace;
    }

    public ApiNode? Parent { get; }

    public string Segment { get; }

    /// <summary>Name of the property that leads here.</summary>
    public string Name { get; }

    public bool IsVersion { get; }

    public string Namespace { get; }

    /// <summary>Name of the type that stands here, e.g. <c>MessageApi</c>.</summary>
    public string TypeName { get; private set; } = "";

    public string FullTypeName => "global::" + Namespace + "." + TypeName;

    public IReadOnlyList<ApiNode> Children => _children;

    public IReadOnlyList<ApiCall> Calls => _calls;

    /// <summary><c>Im.V1.Message</c>.</summary>
    public string Path => Parent?.Parent is null ? Name : Parent.Path + "." + Name;

    /// <summary>The resources without service and version, joined: <c>AppTableRecord</c>; empty for a service or version itself.</summary>
    public string Resource => Parent?.Parent is null || IsVersion ? "" : Parent.Resource + Name;

    public static ApiNode Build(IReadOnlyList<Endpoint> endpoints, Func<string, NameScope> scopeOf)
    {
        var root = new ApiNode(null, "", "");
        foreach (var endpoint in endpoints)
        {
            var segments = CallPath.Of(endpoint);
            var node = root;
            for (var i = 0; i < segments.Count - 1; i++) node = node.Child(segments[i]);
            node._calls.Add(new ApiCall(node, endpoint, segments[segments.Count - 1]));
        }

        foreach (var node in root.Below()) node.NameMembers(scopeOf(node.Namespace));
        return root;
    }

    /// <summary>This node's descendants, parents first.</summary>
    public IEnumerable<ApiNode> Below() => _children.SelectMany(child => new[] { child }.Concat(child.Below()));

    private ApiNode Child(string segment)
    {
        var child = _children.FirstOrDefault(node => node.Segment == segment);
        if (child is null)
        {
            child = new ApiNode(this, segment, _members.Take(Words.Pascal(segment)));
            _children.Add(child);
        }

        return child;
    }

    private void NameMembers(NameScope types)
    {
        foreach (var version in _children.Where(child => child.IsVersion)) types.Reserve(version.Name);
        TypeName = types.Take(
            Parent!.Parent is null ? Name + "Service"
            : IsVersion ? Parent.Name + Name + "Service"
            : Resource + "Api");
        foreach (var call in _calls)
        {
            var isRedirect = call.Endpoint.Answer == AnswerKind.Redirect;
            var name = _members.Take(Words.Pascal(call.Segment) + (isRedirect ? "Url" : "Async"), Words.Pascal(call.Segment) + "2" + (isRedirect ? "Url" : "Async"));
            call.Name(name, types);
        }
    }
}

/// <summary>One endpoint's place in the API.</summary>
internal sealed class ApiCall
{
    public ApiCall(ApiNode node, Endpoint endpoint, string segment)
    {
        Node = node;
        Endpoint = endpoint;
        Segment = segment;
    }

    public ApiNode Node { get; }

    public Endpoint Endpoint { get; }

    public string Segment { get; }

    /// <summary>Name of the method, e.g. <c>CreateAsync</c>.</summary>
    public string MethodName { get; private set; } = "";

    /// <summary>What request, response and endpoint constant are named after: <c>MessageCreate</c>.</summary>
    public string Stem { get; private set; } = "";

    public string RequestType => Stem + "Request";

    public string ResponseType => Stem + "Response";

    public string EndpointConstant => "global::" + Node.Namespace + ".Endpoints." + Stem;

    public void Name(string methodName, NameScope types)
    {
        MethodName = methodName;
        var plain = methodName.EndsWith("Async", StringComparison.Ordinal) ? methodName.Substring(0, methodName.Length - 5) : methodName.Substring(0, methodName.Length - 3);
        var wanted = Node.Resource + plain;

        // The stem itself is no type, yet it must be unique for the three names that are.
        for (var number = 1; ; number++)
        {
            Stem = number == 1 ? wanted : wanted + number;
            var probe = types.Take(Stem + "Request");
            if (probe == Stem + "Request") break;
        }

        types.Reserve(ResponseType);
    }
}
