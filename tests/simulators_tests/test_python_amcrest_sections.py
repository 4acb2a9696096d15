"""What python-amcrest makes of accounts, log, head, tables and care of the simulator."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.simulators.amcrest.answers.care import read_backup
from tests.simulators.amcrest.answers.log import Journal
from tests.simulators.wire import Mode
from tests.simulators_tests.conftest import Start
from tests.simulators_tests.raw import USER
from tests.simulators_tests.test_python_amcrest import camera

pytestmark = pytest.mark.usefixtures("socket_enabled")


# That client leaves its inner generators to the garbage collector.
@pytest.mark.parametrize("expected_lingering_tasks", [True], ids=[""])
async def test_accounts_and_the_log(start: Start) -> None:
    box = await start("ipc")
    client = await camera(box)
    assert "users[0].Name=admin" in await client.async_info_all_users
    assert "groups[1].Name=user" in await client.async_info_all_groups
    assert "users[0].ClientType=Web3.0" in await client.async_info_all_active_users
    assert (await client.async_add_user("guest", "pass-1", "User", memo="Visits")).strip() == "OK"
    assert "user.Memo=Visits" in await client.async_info_user("guest")
    assert (await client.async_modify_user("guest", "group", "admin")).strip() == "OK"
    assert (await client.async_modify_password("guest", "pass-2", "pass-1")).strip() == "OK"
    assert box.users["guest"] == "pass-2"
    assert "group.Memo=user group" in await client.async_info_group("user")
    assert (await client.async_delete_user("guest")).strip() == "OK"
    assert list(box.users) == [USER]

    now = box.device.clock.now()
    pages = [page async for page in client.async_log_find(now - timedelta(days=9), now)]
    assert [page.partition("\r\n")[0] for page in pages] == [
        "found=100",
        "found=100",
        "found=30",
        "found=0",
    ]
    assert box.device.of(Journal).open == 0
    assert (await client.async_log_clear_all()).strip() == "OK"


async def test_what_it_reads_of_a_dome(start: Start) -> None:
    box = await start("dome")
    client = await camera(box)
    for text, expected in (
        (await client.async_ptz_config, "Ptz[0].Homing[1]=30"),
        (await client.async_ptz_auto_movement, "PtzAutoMovement[0][0].Function=None"),
        (await client.async_video_color_config, "VideoColor[0][1].Hue=50"),
        (await client.async_video_widget_config, "VideoWidget[0].TimeTitle.ShowWeek=false"),
        (await client.async_encode_region_interested, "VideoEncodeROI[0].Quality=6"),
        (await client.async_video_in_options, "VideoInOptions[0].Rotate90=0"),
        (await client.async_ntp_config, "NTP.UpdatePeriod=60"),
        (await client.async_rtsp_config, "RTSP.RTP.StartPort=20000"),
        (await client.async_upnp_config, "UPnP.Enable=false"),
        (await client.async_upnp_status, "status[0].InnerPort=80"),
        (await client.async_network_interfaces, "netInterface[0].Name=eth0"),
        (await client.async_nas_information, "NAS[0].Protocol=FTP"),
        (await client.async_general_config, "General.LockLoginTimes=5"),
        (await client.async_video_standard, "VideoStandard=PAL"),
        (await client.async_encode_capability, "caps.MaxExtraStream=3"),
        (await client.async_encode_config_capability(1), "caps[0].MainFormat[0].Video.FPSMax=30"),
        (await client.async_video_input_capability(1), "caps.ElectricFocus=true"),
        (await client.async_video_coordinates_current_window(1), "rect[3]=8191"),
        (await client.async_ptz_presets_list(channel=1), "presets[2].Index=7"),
    ):
        assert expected in text
    assert await client.async_video_max_extra_streams == 2
    assert (await client.async_version_http_api).strip() == "version=2.84"
    assert (await client.async_onvif_information).strip() == "version=16.12"
    assert await client.async_get_ptz_presets_count(channel=1) == 3
    assert "status.MoveStatus=Idle" in await client.async_ptz_status(channel=1)
    # It asks the wrong file for tours.
    assert "ErrorID=2" in await client.async_ptz_tour_routines_list(channel=1)


async def test_how_it_turns_a_head(start: Start) -> None:
    box = await start("dome")
    client = await camera(box)
    head = box.device.ptz
    assert await client.async_move_left(True, channel=1)
    assert head.moving == "Left"
    assert await client.async_move_left(False, channel=1)
    assert head.moving is None
    for act, code in (
        (client.async_zoom_in, "ZoomTele"),
        (client.async_focus_near, "FocusNear"),
        (client.async_iris_large, "IrisLarge"),
    ):
        assert await act(True, channel=1)
        assert head.moving == code
        assert await act(False, channel=1)
    assert await client.async_set_preset(channel=1, preset_point_number=9)
    assert 9 in head.presets
    assert await client.async_go_to_preset(channel=1, preset_point_number=2)
    assert head.position == (95.5, 2.0, 8.0)
    assert await client.async_tour(True, channel=1, tour_path_number=3)
    assert head.running_tour == 3
    assert await client.async_tour(False, channel=1, tour_path_number=3)
    assert head.running_tour is None
    assert (await client.async_move_directly(0, 0, 2048, 2048)).strip() == "OK"


async def test_a_backup_and_a_shut_down(start: Start, tmp_path: Path) -> None:
    box = await start("ipc")
    client = await camera(box)
    target = tmp_path / "backup"
    await client.async_config_backup(str(target))
    assert read_backup(target.read_bytes())["General.MachineName"] == "AMC Front Door"
    await client.async_onvif_login_check(False)
    assert box.config["UserGlobal.OnvifLoginCheck"] == "false"
    assert (await client.async_shutdown()).strip() == "OK"
    await box.until(lambda: box.mode is Mode.REFUSE)
