using System;
using System.Collections.Generic;
using System.Linq;

namespace Larkspur.Feishu.ApiGenerator.Facts;

/// <summary>All facts that the generated code is made from.</summary>
internal sealed class Catalogue
{
    private Catalogue(IReadOnlyList<Endpoint> endpoints, IReadOnlyList<EventType> events)
    {
        Endpoints = endpoints;
        Events = events;
    }

    /// <summary>In the order of their ids: names do not depend on how files are cut or listed.</summary>
    public IReadOnlyList<Endpoint> Endpoints { get; }

    public IReadOnlyList<EventType> Events { get; }

    public static Catalogue Read(IEnumerable<FactFile> files)
    {
        var endpoints = new List<Endpoint>();
        var events = new List<EventType>();
        foreach (var file in files)
        {
            var json = JsonReader.Parse(file.Text);
            if (file.IsEvents) events.AddRange(json["events"]!.Items.Select(item => new EventType(item)));
            else endpoints.AddRange(json.Items.Select(item => new Endpoint(item)));
        }

        return new Catalogue(
            endpoints.OrderBy(endpoint => endpoint.Id, StringComparer.Ordinal).ToArray(),
            events.OrderBy(type => type.Name, StringComparer.Ordinal).ToArray());
    }
}

/// <summary>One catalogue file; equal by content, so that touching a file without changing it generates nothing anew.</summary>
internal sealed class FactFile : IEquatable<FactFile>
{
    public FactFile(string path, string text)
    {
        Path = path.Replace('\\', '/');
        Text = text;
    }

    public string Path { get; }

    public string Text { get; }

    public bool IsEvents => Path.EndsWith("/events.json", StringComparison.Ordinal);

    public static bool IsFact(string path)
    {
        path = path.Replace('\\', '/');
        return path.EndsWith(".json", StringComparison.Ordinal)
            && (path.EndsWith("/events.json", StringComparison.Ordinal) || path.Contains("/endpoints/"));
    }

    public bool Equals(FactFile? other) => other is not null && Path == other.Path && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as FactFile);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);
}
