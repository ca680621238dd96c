namespace Larkspur.Architecture.Tests;

/// <summary>Arrows between the gateway's rooms run one way.</summary>
public sealed class LayerTests
{
    [Fact]
    public void Every_folder_is_a_room_of_its_project_with_a_place_in_the_order() => Assert.Equal(
        Rooms.Projects.SelectMany(project => project.Rooms.Select(room => (project.Project, room))).Order(),
        Rooms.Files(".cs", ".razor").Select(Rooms.OfFile).Distinct().Order());

    [Fact]
    public void A_file_is_in_the_namespace_of_its_room()
    {
        Assert.DoesNotContain(Rooms.Files(".cs"), path => Namespace(path) is { } ns && Rooms.Of(ns) != Rooms.OfFile(path).Room);

        static string? Namespace(string path) => Repository.Read(path).Split('\n')
            .FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal))?["namespace ".Length..].TrimEnd(';', '\r', ' ');
    }

    [Fact]
    public void A_room_uses_only_rooms_before_it() => Assert.Empty(Uses()
        .Where(use => Array.IndexOf(Rooms.FromTheGroundUp, use.Used) > Array.IndexOf(Rooms.FromTheGroundUp, use.By))
        .Select(use => $"{use.By} uses {use.Used}: {use.From} -> {use.To}").Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Neutral_rooms_use_no_platforms_SDK()
    {
        var found = Rooms.Types().Where(type => Rooms.Neutral.Contains(Rooms.Of(type.Namespace)))
            .SelectMany(type => TypeReferences.Of(type).Where(IsOfPlatform).Select(used => $"{type.FullName} -> {used.FullName}"));
        Assert.Empty(found.Distinct().Order(StringComparer.Ordinal));

        static bool IsOfPlatform(Type type) => type.Assembly.GetName().Name is { } name
            && (name.StartsWith("Larkspur.Feishu", StringComparison.Ordinal) || name is "Larkspur.WeCom" or "Larkspur.DingTalk");
    }

    /// <summary>Capabilities register their own operations with it.</summary>
    [Fact]
    public void What_sends_to_Feishu_knows_no_capability()
    {
        string[] capabilities = ["Messages", "Documents", "Tables", "Streams", "Approvals", "Notifications", "Assistant"];
        var sending = Rooms.Types().Where(type => type.Namespace == Rooms.Root + ".Platforms.Feishu.Sending").ToArray();
        Assert.NotEmpty(sending);
        Assert.Empty(sending.SelectMany(type => TypeReferences.Of(type)
            .Where(used => Rooms.Has(used) && capabilities.Contains(Rooms.Of(used.Namespace))).Select(used => $"{type.Name} -> {used.FullName}")));
    }

    private static IEnumerable<(string By, string Used, string From, string To)> Uses() =>
        from type in Rooms.Types()
        from used in TypeReferences.Of(type)
        let room = Rooms.Has(used) ? Rooms.Of(used.Namespace) : null
        where room is not null && room != Rooms.Of(type.Namespace)
        select (Rooms.Of(type.Namespace)!, room, Outermost(type), Outermost(used));

    private static string Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type.Name;
}
