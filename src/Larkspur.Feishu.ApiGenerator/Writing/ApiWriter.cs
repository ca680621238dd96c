using System;
using System.Collections.Generic;
using System.Linq;
using Larkspur.Feishu.ApiGenerator.Facts;
using Larkspur.Feishu.ApiGenerator.Names;

namespace Larkspur.Feishu.ApiGenerator.Writing;

/// <summary>Writes the whole API: per namespace one file for the way to the calls, one for their records, one for nested shapes.</summary>
internal sealed class ApiWriter
{
    private readonly Catalogue _catalogue;
    private readonly Action<string, string> _add;
    private readonly Dictionary<string, NameScope> _scopes = new(StringComparer.Ordinal);
    private readonly WireEnums _enums = new();

    /// <param name="catalogue">The facts.</param>
    /// <param name="add">Takes a file name and its source.</param>
    public ApiWriter(Catalogue catalogue, Action<string, string> add)
    {
        _catalogue = catalogue;
        _add = add;
    }

    public void Write()
    {
        var root = ApiNode.Build(_catalogue.Endpoints, ScopeOf);
        foreach (var service in root.Children) ScopeOf(ApiNode.RootNamespace).Reserve(service.Name);

        var nodes = root.Below().ToArray();
        foreach (var call in nodes.SelectMany(node => node.Calls)) Note(call);
        foreach (var type in _catalogue.Events) _enums.Note(type.Fields, EventWriter.PartsNamespace, EventWriter.NameOf(type));
        _enums.Settle(ScopeOf);

        var spaces = nodes.GroupBy(node => node.Namespace).ToArray();
        foreach (var space in spaces) WriteNamespace(space.Key, space.ToArray());
        foreach (var space in _enums.All.GroupBy(type => type.Namespace)) WireEnumWriter.Write(space.Key, space, _add);
        WriteEntrance(root, spaces.Where(space => space.Any(node => node.Calls.Count > 0)).Select(space => space.Key));
        new EventWriter(_catalogue.Events, ScopeOf(EventWriter.PartsNamespace), _enums, _add).Write();
    }

    private NameScope ScopeOf(string ns)
    {
        // Endpoints is the class of constants; the others are hand-written in the root namespace.
        if (!_scopes.TryGetValue(ns, out var scope)) _scopes.Add(ns, scope = new NameScope("Endpoints", "PageWalk", "Wire", "BrowserAddress"));
        return scope;
    }

    private void Note(ApiCall call)
    {
        var endpoint = call.Endpoint;
        var owner = call.Node.Resource.Length > 0 ? call.Node.Name : call.Stem;
        foreach (var fields in new[] { endpoint.PathParameters, endpoint.Query, endpoint.Headers, endpoint.Body, endpoint.AnswerFields })
            _enums.Note(fields, call.Node.Namespace, owner);
    }

    private void WriteNamespace(string ns, IReadOnlyList<ApiNode> nodes)
    {
        var shapes = new Shapes(ns, ScopeOf(ns), _enums);
        var writers = nodes.SelectMany(node => node.Calls).ToDictionary(call => call, call => new CallWriter(call, shapes));
        var file = ns.Substring(ApiNode.RootNamespace.Length + 1);

        Emit(file + ".Calls", ns, code =>
        {
            foreach (var node in nodes) WriteNode(code, node, writers);
        });
        if (writers.Count == 0) return;

        Emit(file + ".Records", ns, code =>
        {
            foreach (var writer in writers.Values) writer.WriteRecords(code);
        });
        Emit(file + ".Endpoints", ns, code =>
        {
            code.Line("/// <summary>The endpoints as constants.</summary>");
            code.Open("public static class Endpoints");
            foreach (var writer in writers.Values) writer.WriteEndpoint(code);
            code.Close();
            code.Open("internal static class CatalogueEntries");
            code.Line("public static global::Larkspur.Feishu.FeishuCatalogueEntry[] All() =>");
            code.Line("[");
            foreach (var writer in writers.Values) writer.WriteCatalogueEntry(code);
            code.Line("];");
            code.Close();
        });
        if (shapes.Count > 0) Emit(file + ".Shapes", ns, shapes.Write);
    }

    private static void WriteNode(Code code, ApiNode node, Dictionary<ApiCall, CallWriter> writers)
    {
        code.Line("/// <summary><c>" + node.Path + "</c>: " + Content(node) + ".</summary>");
        code.Open("public readonly struct " + node.TypeName);
        code.Line("private readonly global::Larkspur.Feishu.FeishuClient _client;");
        code.Line("");
        code.Line("internal " + node.TypeName + "(global::Larkspur.Feishu.FeishuClient client) => _client = client;");
        foreach (var child in node.Children)
        {
            code.Line("");
            code.Line("/// <summary><c>" + child.Path + "</c>: " + Content(child) + ".</summary>");
            code.Line("public " + child.FullTypeName + " " + child.Name + " => new(_client);");
        }

        foreach (var call in node.Calls)
        {
            code.Line("");
            writers[call].WriteMethods(code);
        }

        code.Close();
    }

    private static string Content(ApiNode node)
    {
        var calls = node.Calls.Count + node.Below().Sum(below => below.Calls.Count);
        return calls == 1 ? "1 endpoint" : calls + " endpoints";
    }

    private void WriteEntrance(ApiNode root, IEnumerable<string> spaces)
    {
        Emit("FeishuApi", "Larkspur.Feishu", code =>
        {
            code.Line("/// <summary>Every catalogued endpoint as a typed call: <c>feishu.Im.V1.Message.CreateAsync(…)</c>.</summary>");
            code.Open("public static class FeishuApi");
            code.Open("extension(global::Larkspur.Feishu.FeishuClient client)");
            foreach (var service in root.Children)
            {
                code.Line("/// <summary><c>" + service.Name + "</c>: " + Content(service) + ".</summary>");
                code.Line("public " + service.FullTypeName + " " + service.Name + " => new(client);");
            }

            code.Close();
            code.Close();
            code.Open("public static partial class FeishuCatalogue");
            code.Line("private static global::Larkspur.Feishu.FeishuCatalogueEntry[][] Parts() =>");
            code.Line("[");
            foreach (var space in spaces) code.Line("global::" + space + ".CatalogueEntries.All(),");
            code.Line("];");
            code.Close();
        });
    }

    private void Emit(string file, string ns, Action<Code> write)
    {
        var code = GeneratedFile.Begin();
        code.Line("namespace " + ns + ";");
        code.Line("");
        write(code);
        _add(file + ".g.cs", code.ToString());
    }
}
