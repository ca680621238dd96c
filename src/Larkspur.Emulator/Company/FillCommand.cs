using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.Company;

/// <summary>Makes a large company at once, without a single event.</summary>
internal static class FillCommand
{
    private const int MostPeople = 100_000;
    private const int MostDepartments = 10_000;
    private const int Depth = 4;
    private static readonly string[] Families = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林"];
    private static readonly string[] Given = ["伟", "芳", "娜", "敏", "静", "强", "磊", "军", "洋", "勇", "艳", "杰", "涛", "明", "超", "秀英", "桂英", "建国",
        "晓东", "雨桐"];
    private static readonly string[] Kinds = ["研发", "销售", "市场", "财务", "人事", "法务", "采购", "制造", "质量", "物流"];
    private static readonly string[] Titles = ["专员", "工程师", "高级工程师", "主管", "经理"];
    private static readonly string[] Cities = ["上海", "深圳", "北京", "杭州", "成都"];

    public static JsonObject Run(EmulatorState state, ControlInput input)
    {
        input.Only("people", "departments", "prefix");
        var (people, departments) = (input.Int("people", 0, MostPeople) ?? 0, input.Int("departments", 0, MostDepartments) ?? 0);
        var prefix = input.Text("prefix") ?? "fill";
        if (prefix.Length is 0 or > 20 || !prefix.All(char.IsAsciiLetterOrDigit))
            throw new ControlRefusal("\"prefix\" is 1 to 20 letters and digits.");
        if (state.Member(prefix + "1") is not null || state.DepartmentByCustomId(prefix + "-d1") is not null)
            throw new ControlRefusal($"The company was filled with \"{prefix}\" before.", 409);
        var places = Departments(prefix, departments, people);
        state.Fill(places, Enumerable.Range(1, people).Select(i => Somebody(prefix, i, places)));
        return new JsonObject { ["ok"] = true, ["people"] = people, ["departments"] = departments, ["first"] = prefix + "1" };
    }

    /// <summary>A tree of four levels with as many branches as the number wants.</summary>
    private static Department[] Departments(string prefix, int count, int people)
    {
        var made = new Department[count];
        var fan = 1;
        while (fan + (fan * fan) + (fan * fan * fan) + (fan * fan * fan * fan) < count) fan++;
        for (var i = 0; i < count; i++)
        {
            var id = $"{prefix}-d{i + 1}";
            var kind = Kinds[i % Kinds.Length];
            made[i] = new Department
            {
                OpenDepartmentId = "od-" + WireIds.Hash("department", id), DepartmentId = id, Name = $"{kind}{i + 1}部",
                EnName = $"Department {i + 1}",
                ParentOpenDepartmentId = i < fan ? Department.Root : made[(i - fan) / fan].OpenDepartmentId, Order = $"{1000 + i}",
                LeaderUserId = i < people ? $"{prefix}{i + 1}" : null,
            };
        }

        return made;
    }

    /// <summary>One in twenty is in a second department; a few are frozen or never signed in.</summary>
    private static Person Somebody(string prefix, int number, Department[] places)
    {
        var own = places.Length == 0 ? null : places[(number - 1) % places.Length];
        var second = places.Length > 1 && number % 20 == 0 ? places[number / 20 * 7 % places.Length] : null;
        return new Person
        {
            UserId = $"{prefix}{number}", Name = Families[number % Families.Length] + Given[number / Families.Length % Given.Length],
            EnName = $"Member {number}", Email = $"{prefix}{number}@mica.example", Mobile = $"+86139{number:00000000}",
            EmployeeNo = $"F{number:000000}", JobTitle = Titles[number % Titles.Length], Gender = 1 + (number % 2),
            City = Cities[number % Cities.Length],
            JoinTime = 1_577_836_800 + (number % 1800 * 86_400L),
            Status = number % 97 == 0 ? PersonStatus.Frozen : number % 89 == 0 ? PersonStatus.Inactive : PersonStatus.Active,
            LeaderUserId = own?.LeaderUserId is { } leader && leader != $"{prefix}{number}" ? leader : null,
            DepartmentIds = own is null ? [] : second is null || second == own ? [own.OpenDepartmentId]
            : [own.OpenDepartmentId, second.OpenDepartmentId],
        };
    }
}
